"""Inside the sandbox: load a student's cells, then call a function on one input after another.

Student code shares this process, so nothing here is safe from it, and nothing here is worth
stealing: no tests, and of answers only such as earn nothing in here. All that it can do is to send
values, which is what it is for.
"""

import __future__

import ast
import builtins
import contextlib
import linecache
import marshal
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from inspect import Signature, signature
from typing import Any, BinaryIO

import numpy as np

from dlcourse.checks import cells, runner
from dlcourse.checks.runner import plain
from dlcourse.grading.sandbox import wire

# What is still executed of a cell whose time is up: it takes none, and answers may need it.
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
DEFINING = 0.2  # seconds for these
SHORT = 4096  # bytes of a question whose answer is kept, so that thousands fit into memory


def main(limits: dict[str, int], confine: bool) -> None:
    """Answer messages from standard input until it ends.

    Parameters
    ----------
    limits : dict
        Resource limits by the name of their constant: ``{"RLIMIT_CPU": 10}``.
    confine : bool
        Whether to go under the filter of system calls. Without, this process is not safe.
    """
    requests, replies = _streams()
    _limit(limits, confine)
    offer_check()

    def ask(question: bytes) -> Any:
        _send(replies, question)
        return _receive(requests)

    notebook = Notebook(ask)
    _send(replies, wire.encode("ready"))
    while message := _receive(requests):
        do = getattr(notebook, message.pop("do"))
        try:
            reply = wire.encode(do(**message))
        except wire.WireError:
            large = runner.Outcome(runner.Opaque("a very large result"), message["arguments"])
            reply = wire.encode(wire.pack_outcome(large))
        _send(replies, reply)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Move the two pipes away from where student code prints and reads."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return requests, replies


def _limit(limits: dict[str, int], confine: bool) -> None:
    if limits:
        import resource

        for name, most in limits.items():
            # What the system does not support matters only where nothing else protects it.
            with contextlib.nullcontext() if confine else contextlib.suppress(ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))
    if confine:
        from dlcourse.grading.sandbox import syscalls

        syscalls.install()


def offer_check() -> None:
    """Offer the one thing of the course that exercises import: a `check` that does nothing."""
    module = types.ModuleType("dlcourse.grading")
    module.__dict__["check"] = lambda function: None
    sys.modules["dlcourse.grading"] = module
    sys.modules["dlcourse"].__dict__["grading"] = module


def _receive(stream: BinaryIO) -> Any:
    header = stream.read(wire.HEADER.size)
    if len(header) < wire.HEADER.size:
        return None
    text, raw = wire.HEADER.unpack(header)
    return wire.decode(stream.read(text), stream.read(raw), max_text=text)


def _send(stream: BinaryIO, message: bytes) -> None:
    stream.write(message)
    stream.flush()


# ------------------------------------------------------------------ the notebook


class Notebook:
    """The student's notebook: its globals, and the functions that are graded.

    Parameters
    ----------
    ask : callable
        Sends a question to the other side, encoded, and returns the answer.
    """

    def __init__(self, ask: Callable[[bytes], Any]) -> None:
        self._ask, self._known = ask, cache(ask)
        self.namespace: dict[str, Any] = {"__name__": "__main__", "np": np}
        self.functions: dict[str, Callable[..., Any]] = {}
        self.stand_ins: dict[str, StandIn] = {}
        self.flags = 0  # of the compiler, as `from __future__ import ...` sets them

    def ask(self, question: bytes) -> Any:
        """Return the answer to a question; a short one is asked once."""
        return (self._known if len(question) <= SHORT else self._ask)(question)

    def replace(self, names: Sequence[str]) -> None:
        """Put stand-ins in the place of these functions, before any cell is executed."""
        self.stand_ins = {name: StandIn(name, self.ask) for name in names}
        self.namespace |= self.stand_ins

    def cell(self, name: str, source: str, title: str, seconds: float) -> Any:
        """Execute a cell as the notebook does; return its first error, packed, or None.

        A statement that fails (an import of a package that is not here) leaves the others. When
        the time is up, only definitions are executed.

        Parameters
        ----------
        name : str
            The function that an answer cell is for; empty for the student's other cells. A
            function that an answer cell defines is not replaced by one from another cell.
        source, title : str
            The code, and its name in messages.
        seconds : float
        """
        before = None
        if name and name not in self.functions:
            before = self.namespace.pop(name, None)
        todo: Iterator[ast.stmt] = iter(())

        def execute() -> None:
            nonlocal todo
            todo = iter(parse(source, title).body)
            self._execute(todo, title)

        def define() -> None:
            self._execute((node for node in todo if isinstance(node, DEFINITIONS)), title)

        outcome = runner.run(execute, (), seconds)
        if outcome.error and outcome.error.kind == "TimeLimitError":
            runner.run(define, (), DEFINING)
        if name:
            found = self._own(name)
            if callable(found):
                self.functions[name] = found
            elif before is not None:
                self.namespace[name] = before
        for replaced, stand_in in self.stand_ins.items():
            stand_in.own = self.functions.get(replaced, self._own(replaced))
            self.namespace[replaced] = stand_in
        return wire.pack_outcome(outcome)[2]

    def find(self, names: Sequence[str]) -> list[str]:
        """Say for each function where it was found.

        Returns
        -------
        list of str
            "cell" for one that its answer cell defines, "elsewhere" for one that another cell does,
            and an empty text for one that is nowhere.
        """
        places = []
        for name in names:
            place = "cell" if name in self.functions else ""
            if not place and callable(self._own(name)):
                self.functions[name], place = self._own(name), "elsewhere"
            places.append(place)
        return places

    def call(
        self, function: str, arguments: Sequence[Any], seconds: float, replaced: Mapping[str, Any]
    ) -> Any:
        """Call a function on one input.

        Parameters
        ----------
        function : str
        arguments : sequence
        seconds : float
        replaced : mapping
            The functions whose stand-ins it meets, each with its code (see `StandIn.carry`), or
            None where the other side has to be asked.
        """
        for name, stand_in in self.stand_ins.items():
            stand_in.active = name in replaced
            stand_in.carry(replaced.get(name))
        outcome = runner.run(self.functions[function], arguments, seconds)
        return wire.pack_outcome(outcome)

    def _own(self, name: str) -> Any:
        value = self.namespace.get(name)
        return value.own if type(value) is StandIn else value

    def _execute(self, nodes: Iterator[ast.stmt], title: str) -> None:
        first: Exception | None = None
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                for alias in node.names:
                    feature = getattr(__future__, alias.name, None)
                    self.flags |= getattr(feature, "compiler_flag", 0)
            try:
                exec(compile(ast.Module([node], []), title, "exec", self.flags), self.namespace)
            except Exception as error:
                first = first or error
        if first:
            raise first


class StandIn:
    """The course's own version of a graded function, in place of the student's.

    It comes as code when it is needed, or stays outside: then each call asks for the value. While
    it is not active, the student's own function answers.
    """

    def __init__(self, name: str, ask: Callable[[bytes], Any]) -> None:
        self.__name__, self._ask = name, ask
        self.own: Any = None
        self.active = False
        self._carried: Callable[..., Any] | None = None

    def carry(self, code: np.ndarray | None) -> None:
        """Take the code of the function; see `dlcourse.grading.sandbox.carried.carried`."""
        if code is None or self._carried:
            return
        name, parts = marshal.loads(code.tobytes())
        scope: dict[str, Any] = {"np": np, "__name__": name, "__builtins__": builtins}
        for part, (body, *rest) in parts.items():
            if body is None:
                (scope[part],) = rest
            else:
                scope[part] = types.FunctionType(body, scope, part, rest[0])
                scope[part].__kwdefaults__ = rest[1]
        self._carried = scope[name]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return what the function of the course, or else the student's, returns."""
        if not self.active:
            if self.own is None:
                raise NameError(f"name {self.__name__!r} is not defined")
            return self.own(*arguments, **named)
        given = [plain(value) for value in arguments]  # copies: what it does stays in here
        by_name = {name: plain(value) for name, value in named.items()} if named else named
        value, problem = None, "nothing is carried"
        if self._carried:
            value, problem = answer(self.__name__, self._carried, given, by_name)
        if problem:  # the other side may take more kinds of arguments, and knows what is wrong
            value, problem = self._question(given, by_name)
        if problem:
            raise TypeError(problem)
        return plain(value)  # a copy: the same answer comes again to the same question

    def _question(self, arguments: list[Any], named: dict[str, Any]) -> tuple[Any, str]:
        question = {"function": self.__name__, "arguments": arguments, "named": named}
        left, again = signal.setitimer(signal.ITIMER_REAL, 0)  # the answer costs no time
        try:
            value, problem = self._ask(wire.encode(question))
        finally:
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-3) if again else 0, again)
        return value, problem


@cache
def _signature(function: Callable[..., Any]) -> Signature:
    return signature(function)


def answer(
    name: str, function: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Any, str]:
    """Return the value of a reference and an empty text, or None and what is wrong."""
    if named or len(arguments) != function.__code__.co_argcount:
        try:
            arguments = _signature(function).bind(*arguments, **named).args
        except TypeError as error:
            return None, f"{name}(): {error}"
    try:
        # No `run`: what came is a copy already, nothing is printed, and thousands ask.
        with np.errstate(all="ignore"):
            return function(*arguments), ""
    except Exception:
        return None, f"the course's own {name} takes no such arguments"


def parse(source: str, name: str) -> ast.Module:
    """Parse a cell, and keep its lines for messages."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return cells.parse(source, name)
