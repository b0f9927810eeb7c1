r"""The questions of a lesson as files that Moodle and Canvas import.

A prediction becomes a question with choices, which marks itself. All others are essays: Moodle
shows the model answer to whoever marks (``graderinfo``), Canvas in the general feedback. Formulas
are LaTeX between ``\(`` and ``\)``, which the MathJax of both reads.

Moodle: its XML, https://docs.moodle.org/en/Moodle_XML_format. Canvas: QTI 1.2 in a zip, as Canvas
itself exports a quiz; New Quizzes take it, too.
"""

import io
import zipfile
from collections.abc import Iterable
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from dlcourse.recall.markup import to_html
from dlcourse.recall.questions import Question
from dlcourse.syllabus import Lesson

MADE = (1980, 1, 1, 0, 0, 0)  # the time of every file in a zip: the same content, the same bytes


def moodle_xml(lesson: Lesson, questions: Iterable[Question]) -> bytes:
    """Return the questions of a lesson as Moodle's XML, in a category of their own.

    Parameters
    ----------
    lesson : Lesson
    questions : iterable of Question
        Those of the lesson, as `dlcourse.recall.questions.questions` reads them.
    """
    quiz = Element("quiz")
    category = SubElement(quiz, "question", type="category")
    name = f"$course$/top/dlcourse/{lesson.number} {lesson.title}"
    SubElement(SubElement(category, "category"), "text").text = name
    for question in questions:
        quiz.append(_moodle(question))
    return _document(quiz)


def _moodle(question: Question) -> Element:
    kind = "multichoice" if question.marks_itself else "essay"
    element = Element("question", type=kind)
    SubElement(SubElement(element, "name"), "text").text = _title(question)
    _html(element, "questiontext", to_html(question.asked))
    _html(element, "generalfeedback", _reason(question))
    for tag, text in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0")):
        SubElement(element, tag).text = text
    SubElement(element, "idnumber").text = question.id
    if question.marks_itself:
        for tag, text in (
            ("single", "true"),
            ("shuffleanswers", "false"),  # they are in the order of their size
            ("answernumbering", "ABCD"),
        ):
            SubElement(element, tag).text = text
        for choice in question.choices:
            fraction = "100" if choice == question.answer else "0"
            answer = SubElement(element, "answer", fraction=fraction, format="html")
            SubElement(answer, "text").text = escape(choice, quote=False)
            _html(answer, "feedback", "")
    else:
        for tag, text in (
            ("responseformat", "editor"),
            ("responserequired", "1"),
            ("responsefieldlines", "10"),
            ("attachments", "0"),
            ("attachmentsrequired", "0"),
        ):
            SubElement(element, tag).text = text
        _html(element, "graderinfo", to_html(question.answer))
        _html(element, "responsetemplate", "")
    return element


def _html(parent: Element, tag: str, html: str) -> None:
    SubElement(SubElement(parent, tag, format="html"), "text").text = html


def _title(question: Question) -> str:
    """Return a name that a teacher finds again in a list of questions."""
    return question.id.replace("-", " ").replace("_", " ")


def _reason(question: Question) -> str:
    """Return what is said after an answer."""
    return to_html(question.reason if question.marks_itself else question.answer)


# ------------------------------------------------------------------ Canvas

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"


def canvas_zip(lesson: Lesson, questions: Iterable[Question]) -> bytes:
    """Return the questions of a lesson as a QTI package for Canvas: one quiz, not published.

    Parameters
    ----------
    lesson, questions
        As `moodle_xml` takes them.
    """
    asked = list(questions)
    ident = f"dlcourse-{lesson.number}"
    files = {
        "imsmanifest.xml": _manifest(ident),
        f"{ident}/{ident}.xml": _assessment(ident, lesson, asked),
        f"{ident}/assessment_meta.xml": _meta(ident, lesson, len(asked)),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, tree in files.items():
            archive.writestr(zipfile.ZipInfo(name, MADE), _document(tree), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _manifest(ident: str) -> Element:
    manifest = Element("manifest", xmlns=PACKAGE, identifier=f"{ident}-manifest")
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "IMS Content"
    SubElement(metadata, "schemaversion").text = "1.1.3"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    quiz = SubElement(resources, "resource", identifier=ident, type="imsqti_xmlv1p2")
    SubElement(quiz, "file", href=f"{ident}/{ident}.xml")
    SubElement(quiz, "dependency", identifierref=f"{ident}-meta")
    href = f"{ident}/assessment_meta.xml"
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    meta = SubElement(resources, "resource", identifier=f"{ident}-meta", type=kind, href=href)
    SubElement(meta, "file", href=href)
    return manifest


def _meta(ident: str, lesson: Lesson, points: int) -> Element:
    quiz = Element("quiz", xmlns=CANVAS, identifier=ident)
    for tag, text in (
        ("title", f"{lesson.number} {lesson.title}"),
        ("description", ""),
        ("shuffle_answers", "false"),
        ("scoring_policy", "keep_highest"),
        ("quiz_type", "practice_quiz"),
        ("points_possible", f"{points}.0"),
        ("show_correct_answers", "true"),
        ("allowed_attempts", "-1"),
        ("available", "false"),
    ):
        SubElement(quiz, tag).text = text
    return quiz


def _assessment(ident: str, lesson: Lesson, questions: list[Question]) -> Element:
    root = Element("questestinterop", xmlns=QTI)
    title = f"{lesson.number} {lesson.title}"
    assessment = SubElement(root, "assessment", ident=ident, title=title)
    section = SubElement(assessment, "section", ident="root_section")
    for question in questions:
        section.append(_item(question))
    return root


def _item(question: Question) -> Element:
    item = Element("item", ident=question.id, title=_title(question))
    metadata = SubElement(SubElement(item, "itemmetadata"), "qtimetadata")
    kind = "multiple_choice_question" if question.marks_itself else "essay_question"
    for label, entry in (("question_type", kind), ("points_possible", "1.0")):
        pair = SubElement(metadata, "qtimetadatafield")
        SubElement(pair, "fieldlabel").text = label
        SubElement(pair, "fieldentry").text = entry
    presentation = SubElement(item, "presentation")
    _material(presentation, to_html(question.asked))
    processing = Element("resprocessing")
    score = SubElement(processing, "outcomes")
    SubElement(score, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    feedback = SubElement(processing, "respcondition", {"continue": "Yes"})
    SubElement(SubElement(feedback, "conditionvar"), "other")
    SubElement(feedback, "displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    if question.marks_itself:
        _choices(presentation, processing, question)
    else:
        response = SubElement(
            presentation, "response_str", ident="response1", rcardinality="Single"
        )
        fib = SubElement(response, "render_fib")
        SubElement(fib, "response_label", ident="answer1", rshuffle="No")
        last = SubElement(processing, "respcondition", {"continue": "No"})
        SubElement(SubElement(last, "conditionvar"), "other")
    item.append(processing)
    said = SubElement(SubElement(item, "itemfeedback", ident="general_fb"), "flow_mat")
    _material(said, _reason(question))
    return item


def _choices(presentation: Element, processing: Element, question: Question) -> None:
    response = SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    render = SubElement(response, "render_choice")
    for number, choice in enumerate(question.choices):
        label = SubElement(render, "response_label", ident=f"choice-{number}")
        _material(label, escape(choice, quote=False))
    right = f"choice-{question.choices.index(question.answer)}"
    condition = SubElement(processing, "respcondition", {"continue": "No"})
    equal = SubElement(SubElement(condition, "conditionvar"), "varequal", respident="response1")
    equal.text = right
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"


def _material(parent: Element, html: str) -> None:
    SubElement(SubElement(parent, "material"), "mattext", texttype="text/html").text = html


def _document(root: Element) -> bytes:
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
