"""Which slides a lesson gives: chosen by rule, so that a deck never disagrees with its lesson.

What is on a slide stands in the lesson word for word: headings, the sentences that have a term or
a rule in bold, formulas of their own line, figures, small tables, predictions as a question and an
answer, claims to be checked, the board, the code for Keras, the summary, the review questions.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from dlcourse.layout import NOTEBOOKS
from dlcourse.recall.questions import Question, questions
from dlcourse.syllabus import Lesson
from dlcourse.teaching.blocks import Block, blocks
from dlcourse.teaching.render import code, inline, to_html

MOST = 25  # slides of a lesson
LINES = 20  # of code on a slide
SIGNS = 480  # of the sentences on a slide
# What stays when there is too much, most wanted first.
WANTED = (
    "title", "summary", "predict", "paper", "review", "claim",
    "keras", "board", "formula", "figure", "code", "table", "points",
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
    choices : list of str
        What can be predicted.
    right : str
        The choice that was measured. It is marked, and `later` is shown, at the second key press.
    later : list of str
    picture : str
        A figure or a table; of a prediction it belongs to the answer.
    code : str
    """

    title: str
    kind: str = "points"
    points: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    right: str = ""
    later: list[str] = field(default_factory=list)
    picture: str = ""
    code: str = ""
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
    """Return the slides of a lesson, at most `MOST`.

    Examples
    --------
    >>> from dlcourse.syllabus import LESSONS
    >>> slides = deck(LESSONS[5])
    >>> slides[0].title, len(slides) <= MOST
    ('Backpropagation by hand: who is to blame, and how much?', True)
    """
    asked = {question.id: question for question in questions([lesson.number])}
    found = _together([slide for slide in _Maker(lesson, asked).slides() if not slide.is_empty])
    while len(found) > MOST:
        del found[max(range(len(found)), key=lambda k: (WANTED.index(found[k].kind), k))]
    return found


PLAIN = ("points", "formula", "figure", "table")


def _together(slides: list[Slide]) -> list[Slide]:
    """Put what a slide of the same section says in a few words on the slide that follows it."""
    joined: list[Slide] = []
    for slide in slides:
        last = joined[-1] if joined else slide
        room = 220 if slide.picture else SIGNS
        if (
            last is not slide
            and last.title == slide.title
            and {last.kind, slide.kind} <= set(PLAIN)
            and not last.picture
            and last.signs + slide.signs <= room
        ):
            slide.points = [*last.points, *slide.points]
            slide.signs += last.signs
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

    def slides(self) -> list[Slide]:
        start = next(k for k, piece in enumerate(self.pieces) if _is_section(piece))
        self.done.append(self._title(self.pieces[:start]))
        for place, piece in enumerate(self.pieces[:start]):
            if piece.kind == "ask":
                self._ask(piece, place)
        for place, piece in enumerate(self.pieces[start:], start):
            if place in self.used:
                continue
            if _is_section(piece):
                self._flush()
                self.section = piece.text
                self.slide = Slide(inline(piece.text))
            elif self.section == "Summary":
                self._summary(piece)
            elif self.section != "Review questions":
                getattr(self, f"_{piece.kind}")(piece, place)
        self._flush()
        summary = [slide for slide in self.done if slide.kind == "summary"]
        rest = [slide for slide in self.done if slide.kind != "summary"]
        return [*rest, *self._on_paper(), *summary, *self._review()]

    def _title(self, pieces: list[Block]) -> Slide:
        heading = next(piece.text for piece in pieces if piece.kind == "heading")
        slide = Slide(inline(re.sub(r"^\d+ ", "", heading)), "title")
        for piece in pieces:
            if goal := GOAL.search(piece.text):
                words = " ".join(goal[1].replace("\n>", " ").split())
                slide.points = [inline(f"**After this lesson you can** {words}")]
        place = self._first_figure()
        slide.picture = _figure(self.pieces[place])
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
        self.slide = Slide(inline(piece.text))

    def _text(self, piece: Block, place: int) -> None:
        if self.section.startswith("Try it"):
            return
        if claim := re.search(r'\*\*"(.+?)"\*\*', piece.text):
            self._flush()
            said = [inline(f'"{claim[1]}"')]
            later, picture = self._verdict(piece.text[claim.end() :], place)
            self.done.append(Slide(self.slide.title, "claim", said, later=later, picture=picture))
            return
        for sentence in sentences(piece.text):
            if "**" in sentence:
                self._add(inline(sentence), len(sentence))

    def _verdict(self, rest: str, place: int) -> tuple[list[str], str]:
        """Return what the lesson says of a claim, after its test if it has one, and the figure."""
        said, picture = rest, ""
        for k, piece in enumerate(self.pieces[place + 1 :], place + 1):
            if piece.kind == "figure":
                picture = _figure(piece)
                self.used.add(k)
            elif piece.kind == "text" and k > place + 1:
                if self.pieces[k + 1].kind == "ask":
                    return [], picture  # it says how the test is made, and the class is asked first
                said = piece.text
                break
            elif piece.kind == "ask":
                return [], picture  # the class is asked first
            elif piece.kind not in ("code", "table", "formula"):
                break
        return [inline(" ".join(sentences(said)[:2]))] if said.strip() else [], picture

    def _list(self, piece: Block, place: int) -> None:
        items = [" ".join(item.split()) for item in _items(piece.text)]
        if re.match(r"\d", piece.text) and self.done and self.done[-1].kind == "board":
            board = self.done[-1]
            if len(board.points) < 2:
                board.points += [inline(_short(item)) for item in items[:2]]
            return
        for item in items[:5]:
            self._add(inline(_short(item)), min(len(item), 160))

    def _formula(self, piece: Block, place: int) -> None:
        if not self.slide.points:
            before = self.pieces[place - 1]
            if before.kind == "text" and len(last := sentences(before.text)[-1]) < 180:
                self._add(inline(last), len(last))
        self._add(to_html(re.sub(r"\s*[.,;]?\s*\$\$\Z", "$$", piece.text)), 60)
        if self.slide.kind == "points":
            self.slide.kind = "formula"

    def _table(self, piece: Block, place: int) -> None:
        if self.section == "The same in Keras":  # times of one machine
            return
        html = piece.data or to_html(piece.text)
        rows, columns = html.count("<tr"), html.count("<th")
        if rows > (13 if self.section == "On the digits" else 8) or columns > 6:
            return
        if self.slide.signs > 220:
            self._flush()
        self._attach(f'<div class="table">{html}</div>', "table", place)

    def _figure(self, piece: Block, place: int) -> None:
        if self.slide.signs > 300:
            self._flush()
        self._attach(_figure(piece), "figure", place)

    def _attach(self, picture: str, kind: str, place: int) -> None:
        """Put a picture on the slide; with nothing said beside it, say what the lesson says."""
        if not self.slide.points:
            self.slide.points = self._caption(place)
            self.said.update(self.slide.points)
        self.slide.picture, self.slide.kind = picture, kind
        self._flush()

    def _caption(self, place: int) -> list[str]:
        """Return the sentence after a picture, else the one before it, if it is short."""
        after = self.pieces[place + 1] if place + 1 < len(self.pieces) else None
        if after and after.kind == "text":
            said = sentences(after.text)
            first = said[0] if len(said[0]) > 30 else " ".join(said[:2])
            if len(first) < 260 and not first.startswith(('**"', "(")):
                return [inline(first)]
        before = [piece for piece in self.pieces[:place] if piece.kind in ("text", "heading")][-1]
        last = sentences(before.text)[-1] if before.kind == "text" else "("
        if len(last) < 200 and not last.startswith("("):
            return [inline(re.sub(r":\Z", ".", last))]
        return []

    def _board(self, piece: Block, place: int) -> None:
        self._flush()
        self.done.append(Slide(self.slide.title, "board", picture=_figure(piece)))

    def _ask(self, piece: Block, place: int) -> None:
        question = self.asked.get(f"{self.lesson.number}.{piece.text}")
        if question is None:
            return
        self._flush()
        slide = Slide(
            "Predict",
            "predict",
            [inline(question.text)],
            choices=[escape(choice) for choice in question.choices],
            right=escape(question.answer),
            later=[to_html(question.reason)],
        )
        slide.picture = self._measured(piece.text, place)
        self.done.append(slide)

    def _tell(self, piece: Block, place: int) -> None:
        """Show nothing: the answer stands on the slide of its question."""

    def _measured(self, name: str, place: int) -> str:
        """Return the first figure of the cell that answers a prediction."""
        pieces = enumerate(self.pieces[place:], place)
        answer = next((k for k, piece in pieces if piece[:2] == ("tell", name)), len(self.pieces))
        picture = ""
        for k, piece in enumerate(self.pieces[answer + 1 :], answer + 1):
            if piece.kind == "figure" and not picture:
                self.used.add(k)
                picture = _figure(piece)
            elif piece.kind != "table":
                if piece.kind == "text":
                    self.used.add(k)  # the reason
                break
        return picture

    def _code(self, piece: Block, place: int) -> None:
        lines = piece.text.strip().splitlines()
        if len(lines) > LINES or any(len(line) > 88 for line in lines):
            return
        if "keras.layers" in piece.text:
            kind = "keras"
        elif piece.text.lstrip().startswith("def ") and self.section not in ASIDE:
            kind = "code"
        else:
            return
        self._flush()
        self.done.append(Slide(self.slide.title, kind, code=code(piece.text)))

    def _summary(self, piece: Block) -> None:
        if piece.kind == "list":
            items = [inline(" ".join(item.split())) for item in _items(piece.text)]
            self.done.append(Slide("Summary", "summary", items))

    def _on_paper(self) -> Iterator[Slide]:
        for question in self.asked.values():
            if question.kind == "hand":
                yield Slide(
                    "On paper", "paper", [to_html(question.text)], later=[to_html(question.answer)]
                )

    def _review(self) -> Iterator[Slide]:
        asked = [question for question in self.asked.values() if question.kind == "review"]
        yield Slide("Review questions", "review", [inline(question.text) for question in asked])


def _is_section(piece: Block) -> bool:
    return piece.kind == "heading" and piece.data == "2"


def _figure(piece: Block) -> str:
    return (
        f'<img src="data:image/png;base64,{"".join(piece.data.split())}" '
        f'alt="{escape(piece.text)}">'
    )


def _items(text: str) -> list[str]:
    """Return the items of a list, without what is folded into them."""
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    return [item.strip() for item in re.split(r"^(?:- |\d+\. )", text, flags=re.MULTILINE)[1:]]


def _short(item: str) -> str:
    """Return an item, or its first sentence if it is long."""
    return item if len(item) <= 160 else sentences(item)[0]


# A full stop ends a sentence if something that can begin one follows.
STOP = re.compile(r'(?<=[.?!:])["*)]*\s+(?=["*(\[$`]*[A-Z$`"*(])')
FORMULA = re.compile(r"\$[^$]+\$|`[^`]+`")


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, formulas whole.

    Examples
    --------
    >>> sentences('It is **0.5**. See $a. B$ here. "Why?" Because.')
    ['It is **0.5**.', 'See $a. B$ here.', '"Why?"', 'Because.']
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"$\ue020{len(kept) - 1}\ue021"

    flat = FORMULA.sub(keep, " ".join(text.split()))
    parts, begin = [], 0
    for stop in STOP.finditer(flat):
        if flat[stop.start() - 1] == ":":
            continue
        end = stop.start() + len(stop[0].rstrip())
        parts.append(flat[begin:end])
        begin = stop.end()
    parts.append(flat[begin:])
    back = re.compile("\\$\ue020(\\d+)\ue021")
    parts = _whole(parts)
    return [back.sub(lambda m: kept[int(m[1])], part).strip() for part in parts if part.strip()]


def _whole(parts: list[str]) -> list[str]:
    """Return sentences of which none ends within bold words or is a short label in bold."""
    joined: list[str] = []
    for part in parts:
        last = joined[-1] if joined else ""
        if last.count("**") % 2 or re.fullmatch(r"\*\*[^*]{1,40}\*\*", last):
            joined[-1] = f"{last} {part}"
        else:
            joined.append(part)
    return joined
