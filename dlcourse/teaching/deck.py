"""Which slides a lesson gives: chosen by rule, so that a deck never disagrees with its lesson.

What is on a slide stands in the lesson word for word: headings, the sentences that have a term or
a rule in bold (with those that they lean on), formulas of their own line, figures, small tables,
what the code defines, predictions as a question and an answer, claims to be checked, the board, the
code for Keras, the summary, the review questions.
"""

import base64
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import zip_longest

from dlcourse.layout import NOTEBOOKS
from dlcourse.recall.questions import Question, apart, questions
from dlcourse.syllabus import Lesson
from dlcourse.teaching.blocks import Block, blocks
from dlcourse.teaching.listing import definitions, pages
from dlcourse.teaching.render import code, inline, side_by_side, to_html
from dlcourse.teaching.sentences import (
    TO_A_READER,
    for_a_class,
    leans,
    sentences,
    thought,
    without_sources,
)

MOST = 25  # slides of a lesson, without what was measured after a prediction
SIGNS = 480  # of the sentences on a slide
ROW = 60  # signs for which a row of a formula counts
BESIDE = 240  # of the sentences on a slide with a picture
ACROSS = 75  # signs of a table whose cells keep to one line
FEW = 130  # signs: with fewer, a slide of words alone gets the sentences beside them
SPARE = 12  # lines of code that leave room for sentences
# What stays when there is too much, most wanted first.
WANTED = (
    "title", "summary", "predict", "measured", "paper", "review", "claim",
    "keras", "board", "formula", "figure", "code", "points", "table",
)  # fmt: skip


# Sections whose code serves a test, and is not what the lesson teaches.
ASIDE = ("Myth check", "The same in Keras", "On the digits", "History check")


@dataclass
class Slide:
    """One slide; every text of it is HTML.

    Attributes
    ----------
    title : str
    kind : str
        One of `WANTED`.
    points : list of str
        Sentences, formulas, list items.
    given : str
        What a prediction takes for known, where the lesson said it.
    choices : list of str
        What can be predicted.
    right : str
        The choice that was measured. It is marked, and `later` is shown, at the second key press.
    later : list of str
    picture : str
        A figure or a table.
    code : str
    found : list of str
        What the lesson says of the code after it ran.
    """

    title: str
    kind: str = "points"
    points: list[str] = field(default_factory=list)
    given: str = ""
    choices: list[str] = field(default_factory=list)
    right: str = ""
    later: list[str] = field(default_factory=list)
    picture: str = ""
    code: str = ""
    found: list[str] = field(default_factory=list)
    signs: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but a title."""
        return not (self.points or self.picture or self.code)

    @property
    def hides(self) -> bool:
        """Whether it shows its answer at the second key press."""
        return self.kind in ("predict", "paper", "claim") and bool(self.later)


def deck(lesson: Lesson) -> list[Slide]:
    """Return the slides of a lesson, at most `MOST` and those of what was measured.

    Examples
    --------
    >>> from dlcourse.syllabus import LESSONS
    >>> slides = deck(LESSONS[5])
    >>> slides[0].title, slides[-1].kind
    ('Backpropagation by hand: who is to blame, and how much?', 'review')
    """
    asked = {question.id: question for question in questions([lesson.number])}
    found = _together([slide for slide in _Maker(lesson, asked).slides() if not slide.is_empty])
    while sum(slide.kind != "measured" for slide in found) > MOST:
        del found[max(range(len(found)), key=lambda k: (WANTED.index(found[k].kind), k))]
    return found


PLAIN = ("points", "formula", "figure", "table")


def _together(slides: list[Slide]) -> list[Slide]:
    """Put what a slide of the same section says in a few words on a slide beside it."""
    joined: list[Slide] = []
    for slide in slides:
        last = joined[-1] if joined else slide
        room = BESIDE if slide.picture or last.picture else SIGNS
        if (
            last is not slide
            and last.title == slide.title
            and {last.kind, slide.kind} <= set(PLAIN)
            and not (last.picture and slide.picture)
            and last.signs + slide.signs <= room
        ):
            slide.points = [*last.points, *slide.points]
            slide.signs += last.signs
            slide.picture = last.picture or slide.picture
            slide.kind = min(last.kind, slide.kind, key=WANTED.index)
            joined.pop()
        joined.append(slide)
    return joined


GOAL = re.compile(r"\*\*After this lesson you can\*\* (.*?)(?=\n>\s*\n|\Z)", re.DOTALL)


class _Maker:
    """Goes through the pieces of a lesson once and keeps the slide that is being filled."""

    def __init__(self, lesson: Lesson, asked: Mapping[str, Question]) -> None:
        self.lesson, self.asked = lesson, asked
        self.pieces = blocks(NOTEBOOKS / f"{lesson.name}.ipynb")
        self.section = ""  # the heading that we are under, Markdown
        self.slide = Slide("")
        self.done: list[Slide] = []
        self.used: set[int] = set()  # places of pieces that are on a slide already
        self.said: set[str] = set()
        self.latest = -1  # the place of the piece that the last slide shows
        self.answering: set[int] = set()  # places of tables that answer a prediction
        self.tasks: list[str] = []  # of the board
        self.after: list[str] = []  # sentences after the last one that is on the slide
        self.earlier: list[str] = []  # the sentence before it
        self.by_hand = self._places_by_hand()

    def slides(self) -> list[Slide]:
        start = next(k for k, piece in enumerate(self.pieces) if _is_section(piece))
        self.done.append(self._title(self.pieces[:start]))
        for place, piece in enumerate(self.pieces[:start]):
            if piece.kind == "ask":
                self._ask(piece, place)
        for place, piece in enumerate(self.pieces[start:], start):
            self._on_paper(place)
            if place in self.used:
                continue
            if _is_section(piece):
                self._flush()
                self.section = piece.text
                self.slide = Slide(_heading(piece.text))
            elif self.section == "Summary":
                self._summary(piece)
            elif self.section != "Review questions":
                getattr(self, f"_{piece.kind}")(piece, place)
        self._flush()
        self._on_paper(len(self.pieces))
        summary = [slide for slide in self.done if slide.kind == "summary"]
        rest = [slide for slide in self.done if slide.kind != "summary"]
        return [*rest, *summary, *self._review()]

    def _places_by_hand(self) -> dict[str, int]:
        """Return before which piece each example on paper is done: before it is worked out."""
        places = {}
        for question in self.asked.values():
            if question.kind == "hand":
                cell = apart()[question.id].get("cell", "")
                own = [k for k, piece in enumerate(self.pieces) if piece.cell == cell]
                heads = [k + 1 for k in own if self.pieces[k].kind == "heading"]
                places[question.id] = (heads or own or [len(self.pieces)])[-1 if heads else 0]
        return places

    def _on_paper(self, place: int) -> None:
        for name, due in self.by_hand.items():
            if due == place:
                self._flush()
                question = self.asked[name]
                text = re.sub(r"\AOn paper: (.)", lambda m: m[1].upper(), question.text)
                later = [to_html(question.answer)]
                self.done.append(Slide("On paper", "paper", [to_html(text)], later=later))

    def _title(self, pieces: list[Block]) -> Slide:
        heading = next(piece.text for piece in pieces if piece.kind == "heading")
        slide = Slide(inline(re.sub(r"^\d+ ", "", heading)), "title")
        for piece in pieces:
            if goal := GOAL.search(piece.text):
                words = " ".join(goal[1].replace("\n>", " ").split())
                slide.points = [_say(f"**After this lesson you can** {words}")]
        place = self._first_figure()
        slide.picture = _picture(self.pieces[place])
        self.used.add(place)
        return slide

    def _first_figure(self) -> int:
        """Return the place of the first figure that gives no prediction away."""
        answered = False
        for place, piece in enumerate(self.pieces):
            answered = piece.kind == "tell" or (answered and piece.kind in ("figure", "table"))
            if piece.kind == "figure" and not answered:
                return place
        raise ValueError(f"lesson {self.lesson.number} has no figure to begin with")

    def _flush(self) -> None:
        if self.slide.points and self.slide.kind == "points":
            for sentence in self.after:  # one short sentence is not worth a slide
                if self.slide.signs < FEW and not NO_CAPTION.search(sentence):
                    self._add(_say(sentence), len(sentence))
            if self.slide.signs < FEW and self.earlier:
                self.slide.points = [*map(_say, self.earlier), *self.slide.points]
        self.after, self.earlier = [], []
        if not self.slide.is_empty:
            self.done.append(self.slide)
        self.slide = Slide(self.slide.title)

    def _add(self, html: str, signs: int) -> None:
        """Put a point on the slide, but not twice; begin another slide where this one is full."""
        if html in self.said:
            return
        self.said.add(html)
        if self.slide.picture or self.slide.signs + signs > SIGNS:
            self._flush()
        self.slide.points.append(html)
        self.slide.signs += signs

    def _heading(self, piece: Block, place: int) -> None:
        self._flush()
        self.slide = Slide(_heading(piece.text))

    def _text(self, piece: Block, place: int) -> None:
        if self.section.startswith("Try it"):
            return
        if claim := re.search(r'\*\*"(.+?)"\*\*', piece.text):
            self._flush()
            said = [inline(f'"{claim[1]}"')]
            later, picture = self._verdict(piece.text[claim.end() :], place)
            early = "" if later else picture  # a figure of the verdict waits for it
            self.done.append(Slide(self.slide.title, "claim", said, later=later, picture=early))
            if later and picture:
                self.done.append(Slide("Measured", "measured", said, picture=picture))
            return
        before, after = self.pieces[place - 1], self.pieces[place + 1]
        own = sentences(piece.text)
        said = [*(sentences(before.text)[-1:] if before.kind == "text" else []), *own]
        first = len(said) - len(own)
        done = 0 if first and leans(said[first]) else first  # the sentences before it are done
        for k in range(first, len(said)):
            leads = k == len(said) - 1 and after.kind == "formula" and not said[k].endswith(".")
            if ("**" in said[k] or leads) and not TO_A_READER.search(said[k]):
                begin = max(thought(said, k), done)
                if leads:
                    begin = min([begin, *_symbols(said, done, k)])
                self._point(said[begin : k + 1], place, alone=leads or own[0].startswith("Now "))
                self.after, self.earlier = said[k + 1 :], said[first:begin][-1:]
                done = k + 1

    def _point(self, said: list[str], place: int, *, alone: bool) -> None:
        """Put a thought on the slide, or beside the picture or the code that it speaks of."""
        markdown = " ".join(map(for_a_class, said))
        html = inline(markdown if alone else re.sub(r":\Z", ".", markdown))
        signs, last = len(markdown), self.done[-1]
        speaks_of_it = self.slide.is_empty and self.latest == place - 1 and not alone
        if speaks_of_it and html not in self.said and last.signs + signs <= BESIDE:
            if last.code and last.code.count("\n") <= SPARE:
                beside = last.found
            elif last.kind in ("figure", "table") and leans(said[0]):
                beside = last.points
            else:
                return self._add(html, signs)
            beside.append(html)
            self.said.add(html)
            last.signs += signs
            return None
        return self._add(html, signs)

    def _verdict(self, rest: str, place: int) -> tuple[list[str], str]:
        """Return what the lesson says of a claim, after its test if it has one, and the figure."""
        said, picture = rest, ""
        for k, piece in enumerate(self.pieces[place + 1 :], place + 1):
            if piece.kind == "figure":
                picture = _picture(piece)
                self.used.add(k)
            elif piece.kind == "text" and k > place + 1:
                if self.pieces[k + 1].kind == "ask":
                    return [], picture  # it says how the test is made, and the class is asked first
                said = piece.text
                self.used.add(k)
                break
            elif piece.kind == "ask":
                return [], picture  # the class is asked first
            elif piece.kind not in ("code", "table", "formula"):
                break
        return [_say(" ".join(sentences(said)[:2]))] if said.strip() else [], picture

    def _list(self, piece: Block, place: int) -> None:
        items = [" ".join(item.split()) for item in _items(piece.text)]
        if self.section.startswith("Try it"):
            self.tasks += items
            if self.done[-1].kind == "board":
                self.done[-1].points = self._first_tasks()
            return
        for item in items[:5]:
            self._add(_say(_short(item)), len(_short(item)))

    def _first_tasks(self) -> list[str]:
        return [_say(_short(task)) for task in self.tasks[:2]]

    def _formula(self, piece: Block, place: int) -> None:
        before = self.pieces[place - 1]
        if not self.slide.points and before.kind == "text":
            said = sentences(before.text)
            begin = thought(said, len(said) - 1)
            if sum(map(len, said[begin:])) < 180:
                self._add(_say(" ".join(said[begin:])), sum(map(len, said[begin:])))
        latex = re.sub(r"\s*[.,;]?\s*\$\$\Z", "$$", piece.text)
        signs = ROW * (1 + latex.count(r"\\"))
        if self.slide.kind == "formula" and self.slide.signs + signs > SIGNS:
            lead = self.slide.points.pop()  # what says what the formula is goes with it
            self._flush()
            self.slide.points.append(lead)
        self._add(side_by_side(latex.strip("$")), signs)
        if self.slide.kind == "points":
            self.slide.kind = "formula"

    def _table(self, piece: Block, place: int) -> None:
        if self.section == "The same in Keras":  # times of one machine
            return
        if html := _picture(piece, 13 if self.section == "On the digits" else 8):
            if self.slide.signs > 220:
                self._flush()
            self._attach(html, "measured" if place in self.answering else "table", place)

    def _figure(self, piece: Block, place: int) -> None:
        if self.section.startswith("Try it"):
            return  # a still of the board, for whoever has none; it does a task of the board
        if self.slide.signs > 300:
            self._flush()
        self._attach(_picture(piece), "figure", place)

    def _attach(self, picture: str, kind: str, place: int) -> None:
        """Put a picture on the slide; with nothing said beside it, say what the lesson says."""
        if not self.slide.points and (said := self._caption(place, kind)):
            self._add(_say(said), len(said))
        self.slide.picture, self.slide.kind = picture, kind
        self.after, self.earlier = [], []
        self._flush()
        self.latest = place

    def _caption(self, place: int, kind: str) -> str:
        """Return what the lesson says of a picture: before it with a colon, after it, before it."""
        texts = [k for k in range(place) if self.pieces[k].kind in ("text", "heading")]
        before = self.pieces[texts[-1]]
        said = sentences(before.text) if before.kind == "text" else []
        leading = " ".join(said[thought(said, len(said) - 1) :]) if said else ""
        after = self.pieces[place + 1] if place + 1 < len(self.pieces) else None
        said = sentences(after.text) if after and after.kind == "text" else []
        if len(said) > 1 and len(said[0]) <= 30:
            said = [" ".join(said[:2])]
        following = said[0] if said else ""
        if "**" in following and not leans(following):
            following = ""  # it begins something new
        first = leading.endswith(":") and kind != "measured"
        wanted = [leading, following] if first else [following, leading]
        for words in wanted:
            elsewhere = kind != "figure" and re.search(r"\((left|right)\)", words)
            if words and len(words) < 260 and not elsewhere and not NO_CAPTION.search(words):
                return re.sub(r":\Z", ".", words)
        return ""

    def _board(self, piece: Block, place: int) -> None:
        self._flush()
        self.done.append(
            Slide(self.slide.title, "board", self._first_tasks(), picture=_picture(piece))
        )

    def _ask(self, piece: Block, place: int) -> None:
        question = self.asked.get(f"{self.lesson.number}.{piece.text}")
        if question is None:
            return
        self._flush()
        self.done.append(
            Slide(
                "Predict",
                "predict",
                [inline(question.text)],
                given=inline(question.given) if question.given else "",
                choices=[escape(choice) for choice in question.choices],
                right=escape(question.answer),
                later=[to_html(question.reason)],
            )
        )
        if picture := self._measured(piece.text, place):
            said = [inline(question.text), f"<strong>{escape(question.answer)}</strong>"]
            self.done.append(Slide("Measured", "measured", said, picture=picture))

    def _tell(self, piece: Block, place: int) -> None:
        """Show nothing: the answer stands on the slide of its question."""

    def _measured(self, name: str, place: int) -> str:
        """Return the first figure of the cell that answers a prediction; note its first table."""
        pieces = enumerate(self.pieces[place:], place)
        answer = next((k for k, piece in pieces if piece[:2] == ("tell", name)), len(self.pieces))
        picture, tables = "", list[int]()
        for k, piece in enumerate(self.pieces[answer + 1 :], answer + 1):
            if piece.kind == "figure" and not picture:
                self.used.add(k)
                picture = _picture(piece)
            elif piece.kind == "table":
                tables.append(k)
            elif piece.kind != "figure":
                if piece.kind == "text":
                    self.used.add(k)  # the reason
                break
        if not picture:
            self.answering.update(tables[:1])
        return picture

    def _code(self, piece: Block, place: int) -> None:
        if "keras.layers" in piece.text:
            kind, source = "keras", piece.text
        elif self.section.split(":")[0] not in ASIDE:
            kind, source = "code", definitions(piece.text)
        else:
            return
        shown = pages(source) if source else []
        if not shown:
            return
        carried: list[str] = []
        if shown[0].count("\n") < SPARE and self.slide.kind == "points":
            if self.slide.signs <= BESIDE:
                carried, self.slide.points, self.slide.signs = self.slide.points, [], 0
            before = self.pieces[place - 1]
            last = sentences(before.text)[-1] if before.kind == "text" else ""
            if not carried and last and len(last) < 200 and not NO_CAPTION.search(last):
                carried = [_say(last)]
        self._flush()
        for page in shown:
            self.done.append(Slide(self.slide.title, kind, carried, code=code(page)))
            carried = []
        self.latest = place

    def _summary(self, piece: Block) -> None:
        if piece.kind == "list":
            items = [inline(" ".join(item.split())) for item in _items(piece.text)]
            self.done.append(Slide("Summary", "summary", items))

    def _review(self) -> Iterator[Slide]:
        asked = [question for question in self.asked.values() if question.kind == "review"]
        yield Slide("Review questions", "review", [inline(question.text) for question in asked])


def _is_section(piece: Block) -> bool:
    return piece.kind == "heading" and piece.data == "2"


NO_CAPTION = re.compile(rf'{TO_A_READER.pattern}|\A\*\*"|\A\(|Going deeper|\bbelow\b|\babove\b')
# When and how a table was recorded: for readers of the lesson.
WHEN = r" \d{4}-\d\d-\d\d[^:<]*: python -m [\w. ]*\w"
RECORDED = re.compile(rf"\s*Recorded{WHEN}\.?|,{WHEN}")


def _heading(markdown: str) -> str:
    """Return a heading as HTML; one that begins with "1." is no list."""
    return inline(re.sub(r"\A(\d+)\.", r"\1\\.", markdown))


def _say(markdown: str) -> str:
    return inline(for_a_class(markdown))


def _symbols(said: list[str], first: int, last: int) -> Iterator[int]:
    """Yield where the sentences begin that name the symbols of the formula that follows."""
    for place in range(first, last):
        if said[place].startswith("Let ") and sum(map(len, said[place : last + 1])) < 300:
            yield place


def _picture(piece: Block, rows: int = 8) -> str:
    """Return a figure or a table as HTML; of a table nothing if it is too large."""
    if piece.kind == "table":
        said = without_sources(piece.data or piece.text)
        html = RECORDED.sub("", said if piece.data else to_html(said))
        if html.count("<tr") > rows or html.count("<th") > 6:
            return ""
        return f'<div class="grid{" short" * (_width(html) <= ACROSS)}">{html}</div>'
    picture = "".join(piece.data.split())
    width, height = struct.unpack(">II", base64.b64decode(picture[:64])[16:24])  # of a PNG
    return (
        f'<img src="data:image/png;base64,{picture}" alt="{escape(piece.text)}" '
        f'width="{width}" height="{height}">'
    )


def _width(table: str) -> int:
    """Return how many signs a table is wide."""
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in table.split("<tr")]
    signs = [[len(re.sub(r"<[^>]*>", "", cell)) for cell in row] for row in rows]
    return sum(max(column) for column in zip_longest(*signs, fillvalue=0))


def _items(text: str) -> list[str]:
    """Return the items of a list, without what is folded into them."""
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    return [item.strip() for item in re.split(r"^(?:- |\d+\. )", text, flags=re.MULTILINE)[1:]]


def _short(item: str) -> str:
    """Return an item, or as many of its sentences as are short together, if it is long."""
    said = sentences(item)
    count = len(said)
    while count > 1 and sum(map(len, said[:count])) > 170:
        count -= 1
    return " ".join(said[:count])
