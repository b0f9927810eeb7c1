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
DECLARED = re.compile(r"^(?:async )?(?:const|let|class|function\*?) (\[[^]]*\]|\w+)", re.MULTILINE)


def script(path: Path) -> str:
    """Return a board's script with all that it imports, as one module.

    Parameters
    ----------
    path : Path
        The script of the board. What it imports is named by a relative path, in braces.

    Raises
    ------
    ValueError
        If two files declare one name, or an import is of another kind: in one module neither
        would work.
    """
    parts: dict[Path, str] = {}
    _collect(path.resolve(), parts)
    owner: dict[str, Path] = {}
    for file, text in parts.items():
        for found in DECLARED.findall(text):
            for name in re.findall(r"\w+", found):
                if name in owner:
                    raise ValueError(f"{owner[name].name} and {file.name} both declare {name}")
                owner[name] = file
    joined = "\n".join(f"// ---- {file.name}\n{text}" for file, text in parts.items())
    return f"{joined}\n//# sourceURL=dlcourse/{path.parent.name}/{path.name}\n"


def _collect(path: Path, parts: dict[Path, str]) -> None:
    """Put the text of a script behind the text of those it imports; each once."""
    text = path.read_text(encoding="utf-8")
    for names, address in IMPORT.findall(text):
        if not address.startswith(".") or re.search(r"\bas\b", names):
            raise ValueError(f"{path.name} may import names from files of the course: {address}")
        if (target := (path.parent / address).resolve()) not in parts:
            _collect(target, parts)
    text = IMPORT.sub("", text)
    if re.search(r"^import\b", text, re.MULTILINE):
        raise ValueError(f'{path.name}: write import {{ name, ... }} from "./file.js";')
    parts[path] = EXPORT.sub("", text).strip("\n")


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
