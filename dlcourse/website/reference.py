"""The reference of ``dlcourse.nn``: its public names, from their docstrings."""

import inspect
import re
from typing import NamedTuple

from dlcourse import nn

PACKAGE = "dlcourse.nn"
REFERENCE = re.compile(r" ?\[\d+\]_(, \[\d+\]_)*")  # a footnote, and the space before it


class Group(NamedTuple):
    """A page of the reference: its file, its title, and the modules whose names it shows."""

    file: str
    title: str
    modules: tuple[str, ...]


GROUPS = (
    Group("layers", "Layers", ("layers",)),
    Group("models", "Models", ("sequential", "training", "encoder_decoder", "lenets", "saving")),
    Group("losses", "Losses", ("losses", "mixture", "detection")),
    Group("optimizers", "Optimizers and schedules", ("optimizers", "schedules")),
    Group("callbacks", "Callbacks and history", ("callbacks", "history")),
    Group("neurons", "Single neurons", ("perceptron",)),
    Group("functions", "Functions of arrays", ("attention", "search")),
    Group("proofs", "Proofs and memory", ("gradcheck", "memory")),
)


def group_of(name: str) -> Group | None:
    """Return the page on which a public name stands; None for a module, which has its own."""
    thing = getattr(nn, name)
    if inspect.ismodule(thing):
        return None
    inside = thing.__module__.removeprefix(f"{PACKAGE}.").split(".")[0]
    if inside == "layers" or name == "normalised_adjacency":
        return GROUPS[0]
    found = [group for group in GROUPS if inside in group.modules]
    if not found:
        raise ValueError(f"dlcourse/website/reference.py has no page for {name} of {inside}")
    return found[0]


def first_line(thing: object) -> str:
    """Return the sentence with which a docstring begins."""
    line = (inspect.getdoc(thing) or "").partition("\n")[0]
    return REFERENCE.sub("", line).replace("|", "\\|")


def title(text: str, under: str) -> str:
    """Return a heading of reStructuredText."""
    return f"{text}\n{under * len(text)}\n"


def pages() -> dict[str, str]:
    """Return the text of each page of the reference."""
    names = sorted(nn.__all__, key=str.casefold)
    modules = [name for name in names if inspect.ismodule(getattr(nn, name))]
    groups = {group: [name for name in names if group_of(name) is group] for group in GROUPS}
    files = [group.file for group in GROUPS] + modules
    found = {"reference/index.rst": index(groups, modules, files)}
    for group, members in groups.items():
        entries = [entry(PACKAGE, name, getattr(nn, name)) for name in members]
        found[f"reference/{group.file}.rst"] = "\n".join([title(group.title, "="), *entries])
    for name in modules:
        found[f"reference/{name}.rst"] = module(name)
    return found


def index(groups: dict[Group, list[str]], modules: list[str], files: list[str]) -> str:
    """Return the first page: every name with the first line of its docstring."""
    lines = [
        title(f"Reference of {PACKAGE}", "="),
        "The networks of the course, written from scratch. They import NumPy and nothing else; "
        "their arguments, names and weight layouts are those of Keras.\n",
    ]
    for group, members in groups.items():
        lines.append(title(group.title, "-"))
        lines += [
            f":py:obj:`{name} <{PACKAGE}.{name}>`\n   {first_line(getattr(nn, name))}\n"
            for name in members
        ]
    lines.append(title("Modules", "-"))
    lines += [told(f":doc:`{name}`", name) for name in modules]
    lines += [".. toctree::\n   :hidden:\n", *[f"   {file}" for file in files], ""]
    return "\n".join(lines)


def told(link: str, name: str) -> str:
    """Return a line of the first page: a name, and the first line of its docstring."""
    return f"{link}\n   {first_line(getattr(nn, name))}\n"


def entry(package: str, name: str, thing: object) -> str:
    """Return what Sphinx is told about one class or function."""
    kind = "class" if inspect.isclass(thing) else "function"
    members = "   :members:\n" if kind == "class" else ""
    return f"{title(name, '-')}\n.. auto{kind}:: {package}.{name}\n{members}"


def module(name: str) -> str:
    """Return the page of a module that is a public name."""
    thing = getattr(nn, name)
    package = f"{PACKAGE}.{name}"
    public = getattr(thing, "__all__", None) or [
        each
        for each, value in vars(thing).items()
        if not each.startswith("_") and getattr(value, "__module__", None) == package
    ]
    lines = [title(package, "="), f".. automodule:: {package}\n"]
    lines += [entry(package, each, getattr(thing, each)) for each in sorted(public)]
    return "\n".join(lines)
