"""Bind the pages that Sphinx made for an ePub, and see that a reading machine can read them."""

import re
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from dlcourse.website.markdown import resolve

CONTENTS = "content.opf"
LICENCE = "_static/OFL.txt"  # goes wherever the font goes; Sphinx knows no such kind of file
ITEM = re.compile(r'href="([^"]+\.xhtml)" media-type="application/xhtml\+xml"')
XML = (".xhtml", ".opf", ".ncx", ".xml")
# The style sheet of MyST-NB is for browsers, and Sphinx binds a first book before it is written.
STYLE = "_static/mystnb."
LINKED = re.compile(rb' *<link [^>]*href="[^"]*_static/mystnb\.[^"]*"[^>]*>\n?')
LISTED = re.compile(r' *<item [^>]*href="_static/mystnb\.[^"]*"[^>]*>\n?')


def bind(pages: Path, licence: Path, target: Path) -> Path:
    """Make the book.

    Parameters
    ----------
    pages : Path
        The book as Sphinx left it.
    licence : Path
        The licence of the font.
    target : Path

    Returns
    -------
    Path
        `target`.
    """
    with ZipFile(pages) as source, ZipFile(target, "w", ZIP_DEFLATED) as book:
        names = [name for name in source.namelist() if not name.startswith(STYLE)]
        for name in names:
            content = source.read(name)
            if name == CONTENTS:
                content = completed(content.decode(), source).encode()
            if name.endswith(".xhtml") and b' lang="' not in content[:300]:
                content = content.replace(b"<html ", b'<html lang="en" xml:lang="en" ', 1)
            if name.endswith(".xhtml"):
                content = LINKED.sub(b"", content)
            first = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            book.writestr(name, content, first)
        book.writestr(LICENCE, licence.read_bytes())
    return target


def completed(contents: str, source: ZipFile) -> str:
    """Return the list of contents with what Sphinx leaves out: formulas, and the licence."""

    def tell(item: re.Match[str]) -> str:
        return item[0] + (' properties="mathml"' if b"<math" in source.read(item[1]) else "")

    licence = f'<item id="licence" href="{LICENCE}" media-type="text/plain" />'
    contents = LISTED.sub("", contents)
    return ITEM.sub(tell, contents).replace("</manifest>", f"  {licence}\n  </manifest>")


def problems(path: Path) -> list[str]:
    """Return, in a sentence each, what would keep a reading machine from reading a book."""
    found = []
    with ZipFile(path) as book:
        names = set(book.namelist())
        if book.infolist()[0].filename != "mimetype" or book.infolist()[0].compress_type:
            found.append("mimetype is not the first file, as it is")
        for name in sorted(names):
            if name.endswith(XML):
                text = book.read(name)
                if name != CONTENTS:
                    found += [f"{name}: {link} is not there" for link in gone(name, text, names)]
                try:
                    ElementTree.fromstring(text)
                except ElementTree.ParseError as error:
                    found.append(f"{name}: {error}")
        listed = set(re.findall(r'<item [^>]*href="([^"]+)"', book.read(CONTENTS).decode()))
        found += [f"{name} is listed and not there" for name in sorted(listed - names)]
        loose = names - listed - {"mimetype", CONTENTS, "META-INF/container.xml"}
        found += [f"{name} is there and not listed" for name in sorted(loose)]
    return found


def gone(name: str, text: bytes, names: set[str]) -> list[str]:
    """Return what a page of a book links to or loads and the book does not have."""
    targets = re.findall(r'(?:href|src)="([^":#]+)(?:#[^"]*)?"', text.decode())
    folder = name.rpartition("/")[0]
    return [link for link in dict.fromkeys(targets) if resolve(link, folder) not in names]
