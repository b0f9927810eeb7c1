"""A wrong answer written as an edit of the right one: what was, and what a learner writes."""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Edit = tuple[str, str]  # the old text and the new one


@dataclass(frozen=True)
class Edited:
    """A function whose source is that of another one with some texts replaced.

    It is compiled when it is called first, so that a hundred of them cost an import nothing.

    Attributes
    ----------
    edits : tuple of (old, new)
        Each old text must stand exactly once in the source.
    plain : callable, optional
        The function to edit: a `def` in a file.

    Examples
    --------
    >>> from dlcourse.checks.values import listing
    >>> Edited((('" and ".join', '" or ".join'),), listing)(["a", "b", "c"])
    'a, b or c'
    """

    edits: tuple[Edit, ...]
    plain: Callable[..., Any] | None = None

    def of(self, plain: Callable[..., Any]) -> "Edited":
        """Return the same edits of a function."""
        return Edited(self.edits, plain)

    @cached_property
    def source(self) -> str:
        """The source after the edits, at the left margin.

        Raises
        ------
        ValueError
            If an old text does not stand exactly once in the source.
        """
        if self.plain is None:
            raise ValueError("these edits belong to no function yet: put them into a Check")
        source = textwrap.dedent(inspect.getsource(self.plain))
        for old, new in self.edits:
            if (times := source.count(old)) != 1:
                raise ValueError(
                    f"{old!r} stands {times} times in {self.plain.__name__}, and must stand once:"
                    f"\n{source}"
                )
            source = source.replace(old, new)
        return source

    @property
    def changed_lines(self) -> list[str]:
        """The lines that the edits make."""
        before = inspect.getsource(self.plain).splitlines() if self.plain else []
        known = {line.strip() for line in before}
        return [line.strip() for line in self.source.splitlines() if line.strip() not in known]

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The edited function, with the globals of the other one."""
        plain = self.plain
        namespace = dict(getattr(plain, "__globals__", {}))
        exec(compile(self.source, f"<edit of {plain}>", "exec"), namespace)
        edited: Callable[..., Any] = namespace[getattr(plain, "__name__", "")]
        return edited

    def __call__(self, *arguments: Any) -> Any:
        """Call the edited function."""
        return self.function(*arguments)
