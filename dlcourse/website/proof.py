"""Walk over the pages: links lead somewhere, pictures are described, nothing is foreign."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
UNREAD = ("code", "pre", "math", "script", "style")  # what stands in these is no prose
# Markdown or LaTeX that nobody turned into anything: `a`, $a$, \\alpha.
RAW = re.compile(r"`[^`\s][^`]*`|\$[A-Za-z(\\][^$]*\$|\\[A-Za-z]{2,}")
FOREIGN = re.compile(r"(?:url\(|@import)\s*['\"]?(https?:)?//")


class Page(HTMLParser):
    """What a page links to, loads, shows, and where one can link to in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.untold: list[str] = []
        self.words: list[str] = []
        self.depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element says."""
        told = {name: value or "" for name, value in attrs}
        self.depth += tag in UNREAD
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if tag == "link" and "href" in told:
            self.loads.append(told["href"])
        if tag in LOADS and told.get(LOADS[tag]):
            self.loads.append(told[LOADS[tag]])
        if tag == "img" and not told.get("alt", "").strip():
            self.untold.append(told.get("src", ""))

    def handle_endtag(self, tag: str) -> None:
        """Note the end of what is no prose."""
        self.depth -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        """Note the words."""
        self.words += [] if self.depth else [data]

    def raw(self) -> list[str]:
        """Return what is left of Markdown or LaTeX in the words."""
        return [found[0] for found in RAW.finditer("".join(self.words))]


def problems(folder: Path) -> list[str]:
    """Return, in a sentence each, what is wrong with the pages below a folder."""
    folder = folder.resolve()
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: {link} leads nowhere" for link in broken(path, page, pages)]
        foreign = [link for link in page.loads if urlsplit(link).netloc]
        found += [f"{name}: loads {link} from another host" for link in foreign]
        found += [f"{name}: the picture {src} has no description" for src in page.untold]
        found += [f"{name}: {each} is left of a source" for each in page.raw()]
        twice = {each for each in page.ids if page.ids.count(each) > 1}
        found += [f"{name}: the id {each} stands there twice" for each in sorted(twice)]
    for path in sorted(folder.rglob("*.css")):
        if FOREIGN.search(path.read_text("utf-8")):
            found.append(f"{path.relative_to(folder).as_posix()}: loads from another host")
    return found


def broken(path: Path, page: Page, pages: dict[Path, Page]) -> list[str]:
    """Return the links and loads of a page that lead nowhere; of the web's, the form alone."""
    found = []
    for link in dict.fromkeys([*page.links, *page.loads]):
        parts = urlsplit(link)
        if parts.scheme in ("mailto", "data"):
            continue
        if parts.scheme or parts.netloc:
            if parts.scheme not in ("http", "https") or "." not in parts.netloc:
                found.append(link)
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        there, anchor = pages.get(target), unquote(parts.fragment)
        lacks = bool(anchor) and there is not None and anchor not in there.ids
        if lacks or not target.is_file():
            found.append(link)
    return found
