"""What a board sends to the browser: its script and its style, the kit's parts in front.

anywidget takes one script and one style a widget. The files stay apart here: scripts import
each other as modules do, so that an editor and a linter understand them, and are joined when
Python starts. The browser's developer tools show the joined script under its own name.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|class|function)\b)", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)


def script(path: Path) -> str:
    """Return a board's script with all that it imports, as one module.

    Each file that is imported becomes a function of its own, so that its private names stay
    private.

    Parameters
    ----------
    path : Path
        The script of the board. What it imports is named by a relative path, in braces.

    Raises
    ------
    ValueError
        If an import is of another kind, or a file does not export what is imported.
    """
    files: dict[Path, str] = {}
    _collect(path.resolve(), files)
    main = files.pop(path.resolve())
    parts = [
        f"// ---- {file.name}\nconst {_module(file)} = (() => {{\n{text}\n}})();"
        for file, text in files.items()
    ]
    source = f"//# sourceURL=dlcourse/{path.parent.name}/{path.name}\n"
    return "\n\n".join([*parts, f"// ---- {path.name}\n{main}", source])


def _module(path: Path) -> str:
    return f"{path.parent.name}_{path.stem}"


def _collect(path: Path, files: dict[Path, str]) -> set[str]:
    """Put a script, made ready to be joined, behind those it imports; return what it exports."""
    source = path.read_text(encoding="utf-8")
    exported = set(EXPORTED.findall(source))
    if path in files:
        return exported

    def take(found: re.Match[str]) -> str:
        names, address = re.findall(r"\w+", found[1]), found[2]
        if not address.startswith("."):
            raise ValueError(f"{path.name} may import files of the course only, not {address}")
        target = (path.parent / address).resolve()
        if missing := set(names) - _collect(target, files):
            raise ValueError(f"{target.name} does not export {', '.join(sorted(missing))}")
        return f"const {{ {', '.join(names)} }} = {_module(target)};\n"

    text = IMPORT.sub(take, source)
    if re.search(r"^import\b", text, re.MULTILINE):
        raise ValueError(f'{path.name}: write import {{ name, ... }} from "./file.js";')
    ready = EXPORT.sub("", text).strip("\n")
    if exported:
        ready += f"\nreturn {{ {', '.join(sorted(exported))} }};"
    files[path] = ready
    return exported


def stylesheet(name: str, own: Path) -> str:
    """Return the CSS of the board whose elements lie in ``.dlcourse-NAME``.

    Parameters
    ----------
    name : str
        Such as "gate-inspector".
    own : Path
        The file of its own rules, in the wing of its lesson.
    """
    shared = (HERE / "board.css").read_text(encoding="utf-8")
    shared = shared.replace(".dlcourse-board", f".dlcourse-{name}")
    return shared + own.read_text(encoding="utf-8")
