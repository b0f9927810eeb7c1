"""Question banks: every question, right answers where they are looked for, and valid files."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from dlcourse.recall.questions import Question, questions
from dlcourse.syllabus import LESSONS
from dlcourse.teaching.banks import CANVAS, PACKAGE, QTI, canvas_zip, moodle_xml

HERE = [lesson for lesson in LESSONS if lesson.is_here]
ODD = (
    Question(
        "99.odd", "99", "prediction", 'Is $a < b & "c"$?', "a < b", ("a < b", "]]> & é"), "R."
    ),
    Question("99.open", "99", "review", "Why `x < y`?", "Because $x^2$.\n\nAnd more.", given="G."),
)


def moodle(lesson, asked):
    return ElementTree.fromstring(moodle_xml(lesson, asked))


def canvas(lesson, asked):
    archive = zipfile.ZipFile(io.BytesIO(canvas_zip(lesson, asked)))
    return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}


def of_moodle(element) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the number, the kind, and choices with their share of the points."""
    choices = [(a.findtext("text"), a.get("fraction")) for a in element.findall("answer")]
    return element.findtext("idnumber"), element.get("type"), choices


@pytest.mark.parametrize("lesson", HERE, ids=lambda lesson: lesson.number)
def test_moodle_gets_every_question_with_its_answer(lesson):
    asked = questions([lesson.number])
    category, *elements = moodle(lesson, asked)
    name = category.findtext("category/text")
    assert name == f"$course$/top/dlcourse/{lesson.number} {lesson.title}"
    assert "//" not in name  # a slash in a title would have to be doubled
    assert [of_moodle(element)[0] for element in elements] == [question.id for question in asked]
    for question, element in zip(asked, elements, strict=True):
        _, kind, choices = of_moodle(element)
        assert element.findtext("questiontext/text")
        if question.choices:
            assert kind == "multichoice"
            assert [fraction for _, fraction in choices].count("100") == 1
            assert len(choices) == len(question.choices)
        else:
            assert (kind, choices) == ("essay", [])
            assert element.findtext("graderinfo/text")


@pytest.mark.parametrize("lesson", HERE, ids=lambda lesson: lesson.number)
def test_canvas_gets_the_same(lesson):
    asked = questions([lesson.number])
    files = canvas(lesson, asked)
    ident = f"dlcourse-{lesson.number}"
    manifest = files["imsmanifest.xml"]
    hrefs = {file.get("href") for file in manifest.iter(f"{{{PACKAGE}}}file")}
    assert hrefs == files.keys() - {"imsmanifest.xml"}
    identifiers = {r.get("identifier") for r in manifest.iter(f"{{{PACKAGE}}}resource")}
    depends = {d.get("identifierref") for d in manifest.iter(f"{{{PACKAGE}}}dependency")}
    assert depends <= identifiers
    meta = files[f"{ident}/assessment_meta.xml"]
    assert meta.get("identifier") == ident
    assert meta.findtext(f"{{{CANVAS}}}points_possible") == f"{len(asked)}.0"
    items = list(files[f"{ident}/{ident}.xml"].iter(f"{{{QTI}}}item"))
    assert [item.get("ident") for item in items] == [question.id for question in asked]
    for question, item in zip(asked, items, strict=True):
        labels = {
            label.get("ident"): label.findtext(f".//{{{QTI}}}mattext")
            for label in item.iter(f"{{{QTI}}}response_label")
        }
        right = [equal.text for equal in item.iter(f"{{{QTI}}}varequal")]
        if question.choices:
            assert len(labels) == len(question.choices)
            assert len(right) == 1
            assert list(labels).index(right[0]) == question.choices.index(question.answer)
        else:
            assert right == []


def test_signs_that_mean_something_to_xml_and_html_arrive():
    _, odd, plain = moodle(LESSONS[2], ODD)
    assert odd.findtext("questiontext/text") == r'<p>Is \(a &lt; b &amp; "c"\)?</p>'
    assert of_moodle(odd)[2] == [("a &lt; b", "100"), ("]]&gt; &amp; é", "0")]
    assert plain.findtext("questiontext/text").startswith("<p>G.</p>")
    assert r"\(x^2\)" in plain.findtext("graderinfo/text")
    item = next(canvas(LESSONS[2], ODD)["dlcourse-02/dlcourse-02.xml"].iter(f"{{{QTI}}}item"))
    texts = [text.text for text in item.iter(f"{{{QTI}}}mattext")]
    assert texts[0] == r'<p>Is \(a &lt; b &amp; "c"\)?</p>'


def test_the_same_questions_give_the_same_bytes():
    assert canvas_zip(LESSONS[2], ODD) == canvas_zip(LESSONS[2], ODD)
    assert moodle_xml(LESSONS[2], ODD) == moodle_xml(LESSONS[2], ODD)


# The order of what an element holds, as QTI 1.2 declares it.
ORDER = {
    "assessment": ("section",),
    "item": ("itemmetadata", "presentation", "resprocessing", "itemfeedback"),
    "presentation": ("material", "response_lid", "response_str"),
    "resprocessing": ("outcomes", "respcondition"),
    "respcondition": ("conditionvar", "setvar", "displayfeedback"),
}


def test_elements_of_qti_stand_in_the_order_of_its_declaration(lessons):
    for lesson in lessons:
        with zipfile.ZipFile(io.BytesIO(canvas_zip(lesson, questions([lesson.number])))) as archive:
            name = f"dlcourse-{lesson.number}"
            tree = ElementTree.fromstring(archive.read(f"{name}/{name}.xml"))
        for element in tree.iter():
            order = ORDER.get(element.tag.rpartition("}")[2])
            if order:
                places = [order.index(child.tag.rpartition("}")[2]) for child in element]
                assert places == sorted(places), (lesson.number, element.tag)


def test_a_category_of_moodle_has_one_slash_for_each_level(lessons):
    """A slash in a title would make a category of its own."""
    for lesson in lessons:
        tree = ElementTree.fromstring(moodle_xml(lesson, questions([lesson.number])))
        assert tree[0].findtext("category/text").count("/") == 3, lesson.number
        names = [element.findtext("idnumber") for element in tree[1:]]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 100 for name in names)  # what Moodle's column holds
