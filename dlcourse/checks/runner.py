"""Run a learner's function on one input and keep only plain values of what it did.

Nothing here knows what is right. This file uses the standard library and NumPy and
nothing of the course, so that a sandbox without any answers can carry it as it stands:
values come out, and the side that knows the answers compares them (`dlcourse.checks.verdict`).
"""

import contextlib
import io
import linecache
import re
import signal
import sys
import sysconfig
import threading
import time
import traceback
import warnings
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

SECONDS = 5.0  # for all inputs of one check together
MAX_SIZE = 1_000_000  # numbers in one array
MAX_ITEMS = 10_000  # items in one list, tuple or dictionary
# Keys of a dictionary: no others, for those can be made to collide by the thousand.
KEYS = (str, int, float, np.integer, np.floating, type(None))
MAX_DEPTH = 5  # containers inside containers
MAX_TEXT = 2_000  # characters of a message, a line, or what was printed
MAX_NAMES = 12  # variables of a line that are described
MAX_WORDS = 60  # characters of such a description

_NOTHING: dict[str, str] = {}
_VIEWS = (type(_NOTHING.keys()), type(_NOTHING.values()), type(_NOTHING.items()))
_COMMON = (np.ndarray, int, float, bool, str, list, tuple, dict, np.float64, np.int64)
_LIBRARIES = (  # in a sandbox, NumPy lies elsewhere than other packages
    *{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")},
    *np.__path__,
)


@dataclass(frozen=True)
class Opaque:
    """A value that is no number, text, array, list, tuple or dictionary of these.

    Attributes
    ----------
    kind : str
        What it was, in words: ``"a function"``.
    """

    kind: str


@dataclass(frozen=True)
class Raised:
    """An error that the function raised.

    Attributes
    ----------
    kind : str
        The name of the error's class.
    message : str
        Its text.
    line : str
        The last line of the learner's own code that was running; empty if there was none.
    number : int
        The number of that line in its cell or file; 0 if there was none.
    function : str
        The function that the line is in, where it is not the one that was called.
    values : tuple of str
        What the names in that line stood for: ``"w: an array of shape (3,)"``.
    """

    kind: str
    message: str = ""
    line: str = ""
    number: int = 0
    function: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a function did with one input, as plain values.

    Attributes
    ----------
    value : object
        What it returned (see `plain`).
    arguments : tuple
        Its arguments as they were after the call.
    error : Raised, optional
        The error that ended it, if one did.
    printed : str
        What it printed, at most `MAX_TEXT` characters.
    warnings : tuple of str
        The texts of the warnings it caused.
    """

    value: Any = None
    arguments: tuple[Any, ...] = ()
    error: Raised | None = None
    printed: str = ""
    warnings: tuple[str, ...] = ()


class TimeLimitError(BaseException):
    """Time is up. Not an Exception, so that ``except Exception`` does not swallow it."""


def run(
    function: Callable[..., Any], arguments: Sequence[Any], seconds: float = SECONDS
) -> Outcome:
    """Call a function on copies of the arguments and report what happened.

    No error of the function reaches the caller, only the learner's own wish to stop
    (KeyboardInterrupt) does.

    Parameters
    ----------
    function : callable
        The learner's function.
    arguments : sequence
        The positional arguments: plain values.
    seconds : float
        After this time the call is interrupted. This needs POSIX signals and the main
        thread, where Jupyter runs its cells. Elsewhere nothing interrupts it.

    Returns
    -------
    Outcome

    Examples
    --------
    >>> run(lambda a, b: a / b, (1.0, 4.0)).value
    0.25
    >>> run(lambda a, b: a / b, (1, 0)).error.kind
    'ZeroDivisionError'
    """
    own = [plain(argument) for argument in arguments]
    value: Any = None
    error: Raised | None = None
    printed = _Printed()
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            time_limit(seconds),
        ):
            warnings.simplefilter("always")
            try:
                value = plain(function(*own))
            except KeyboardInterrupt:
                raise
            except BaseException as caught_error:
                error = _describe(caught_error, seconds)
    except TimeLimitError as late:
        error = _describe(late, seconds)
    return Outcome(
        value=value,
        arguments=tuple(plain(argument) for argument in own),
        error=error,
        printed=printed.getvalue(),
        warnings=tuple(dict.fromkeys(str(w.message)[:MAX_TEXT] for w in caught)),
    )


def run_all(
    function: Callable[..., Any], inputs: Sequence[Sequence[Any]], seconds: float = SECONDS
) -> list[Outcome]:
    """Run a function on every input within one limit of time for all of them.

    Once the time is up, the inputs that are left are not run: each of them is reported
    with the same TimeLimitError.
    """
    end = time.monotonic() + seconds
    outcomes: list[Outcome] = []
    for arguments in inputs:
        left = end - time.monotonic()
        if left > 0:
            outcomes.append(run(function, arguments, left))
        else:
            late = Raised("TimeLimitError", f"not run: the {seconds:g} s were used up")
            outcomes.append(Outcome(arguments=tuple(arguments), error=late))
    return outcomes


def plain(value: Any, depth: int = 0) -> Any:
    """Copy a value, keeping only types that mean the same on every side of a wall.

    None, bool, int, float, complex, str, exact NumPy arrays of bools or numbers, NumPy
    numbers, and exact lists, tuples and dictionaries of these. Other collections of the standard
    library and other arrays of NumPy become the one of these that holds the same. Everything else
    becomes `Opaque`, so that no object with methods of its own is ever compared with an answer.

    Examples
    --------
    >>> plain((1, [np.float64(2.0)])), plain(range(3))
    ((1, [2.0]), [0, 1, 2])
    >>> plain({1, 2})
    Opaque(kind='a set')
    """
    if type(value) not in _COMMON:
        value = _other(value)
    kind = type(value)
    if value is None or kind in (bool, float, complex, str):
        return value[:MAX_TEXT] if kind is str else value
    if kind is int:
        fits = -(2**63) <= value < 2**64  # into a number of NumPy's
        return value if fits else Opaque("a huge whole number")
    if kind is np.bool_:
        return bool(value)
    if kind in (np.float64, np.int64):
        return value.item()
    if isinstance(value, np.number) and kind.__module__ == "numpy":
        return value
    if kind is np.ndarray:
        if value.dtype.kind == "O" and 0 < value.size <= MAX_ITEMS:
            value = _of_numbers(value)
        if value.dtype.kind not in "biufc":
            words = {"O": "Python objects", "U": "texts"}.get(value.dtype.kind, "no numbers")
            return Opaque(f"an array of {words}")
        if value.size > MAX_SIZE:
            return Opaque(f"an array of {value.size} numbers")
        return np.array(value, order="C")
    if kind in (list, tuple, dict):
        if depth >= MAX_DEPTH or len(value) > MAX_ITEMS:
            return Opaque(f"a very large {kind.__name__}")
        if kind is dict:
            pairs = [(plain(k, depth + 1), plain(v, depth + 1)) for k, v in value.items()]
            if not all(isinstance(key, KEYS) for key, _ in pairs):
                return Opaque("a dictionary with keys that are neither texts nor numbers")
            return dict(pairs)
        return kind(plain(item, depth + 1) for item in value)
    return Opaque(_name(kind))


def _other(value: Any) -> Any:
    """Return a collection of the standard library, or an array of NumPy's own, as a common one."""
    kind = type(value)
    if kind in (range, deque, array, *_VIEWS):
        return list(value) if len(value) <= MAX_ITEMS else value
    if kind in (defaultdict, OrderedDict, Counter):
        return dict(dict.items(value))
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return tuple(tuple.__iter__(value))
    if kind is np.str_:
        return str.__str__(value)
    if kind in (np.matrix, np.memmap):
        return np.asarray(value)
    masked = sys.modules.get("numpy.ma")  # to import it takes longer than most answers run
    if masked and kind is masked.MaskedArray and not masked.is_masked(value):
        return np.asarray(value)
    return value


def _of_numbers(objects: Any) -> Any:
    """Return an array of Python objects as one of numbers, where they all are numbers."""
    items = objects.ravel().tolist()
    if all(type(item) in (bool, int, float, complex, np.float64, np.int64) for item in items):
        numbers = np.array(items)
        return numbers.reshape(objects.shape) if numbers.dtype.kind in "biufc" else objects
    return objects


def _name(kind: type) -> str:
    known = {
        "function": "a function",
        "builtin_function_or_method": "a function without its brackets",
        "method": "a method without its brackets",
        "type": "a class",
        "matrix": "a np.matrix",
        "MaskedArray": "a masked array",
        "ellipsis": "the placeholder ...",
    }
    name = kind.__name__
    return known.get(name, f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}")


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed, however much that is."""

    def __init__(self) -> None:
        self._text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._text += text[: MAX_TEXT - len(self._text)]
        return len(text)

    def getvalue(self) -> str:
        return self._text


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitError in the block after some time, where the system can do that.

    The alarm rings again and again, in case a bare ``except:`` swallowed the first one.
    """
    on_main_thread = threading.current_thread() is threading.main_thread()
    if not (on_main_thread and hasattr(signal, "setitimer")):
        yield
        return
    armed = True

    def ring(signum: int, frame: FrameType | None) -> None:
        if armed:
            raise TimeLimitError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _describe(error: BaseException, seconds: float) -> Raised:
    place = _own_line(error)
    if isinstance(error, TimeLimitError):
        return Raised("TimeLimitError", f"no result after {seconds:.2g} s", *place)
    try:
        message = str(error)[:MAX_TEXT]
    except Exception:  # an error class of the learner's own, with a broken __str__
        message = ""
    return Raised(type(error).__name__, message, *place)


def _own_line(error: BaseException) -> tuple[str, int, str, tuple[str, ...]]:
    """Find the innermost line that is the learner's own: in no library, and with a source."""
    called: Any = None
    found: tuple[str, int, str, tuple[str, ...]] = ("", 0, "", ())
    for frame, number in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        file = code.co_filename
        # The number is missing where an alarm rang between two lines.
        if number and file != __file__ and not file.startswith(_LIBRARIES):
            text = linecache.getline(file, number).strip()
            if text:
                called = called or code
                function = "" if code is called else code.co_name
                found = text[:MAX_TEXT], number, function, _values(text, frame.f_locals)
    return found


def _values(line: str, known: dict[str, Any]) -> tuple[str, ...]:
    """Say of each variable in a line what it is, if that is short."""
    names = dict.fromkeys(re.findall(r"[^\W\d]\w*", line[:MAX_TEXT]))
    seen: list[str] = []
    for name in names:
        if name in known and len(seen) < MAX_NAMES:
            words = _what(plain(known[name]))
            seen += [f"{name}: {words}"] if words else []
    return tuple(seen)


def _what(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}, {value.dtype}"
    if isinstance(value, (list, tuple, dict)):
        kind = {list: "list", tuple: "tuple", dict: "dictionary"}[type(value)]
        return f"a {kind} of {len(value)}"
    if value is None or isinstance(value, (bool, int, float, complex, str, np.number)):
        return (repr(value) if isinstance(value, str) else str(value))[:MAX_WORDS]
    return str(value.kind)
