"""``dlcourse review`` in the terminal."""

import json
from zipfile import is_zipfile

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.recall.schedule import FILE


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path / "mine"))
    return tmp_path / "mine"


def run(*arguments, said=""):
    return CliRunner().invoke(main, ["review", *arguments], input=said)


def cards(home):
    return json.loads((home / FILE).read_text())["cards"]


def test_without_a_lesson_there_is_nothing_to_ask(home):
    result = run()
    assert result.exit_code == 0
    assert "No lesson is done yet" in result.output
    assert not home.exists()


def test_counts_only(home):
    result = run("--lessons", "5, 6", "--due", "--new", "12")
    assert result.output == "due today: 12, 12 of them new\n05  9\n06  3\n"
    assert not home.exists()


def test_questions_are_asked_answered_graded_and_kept(home):
    result = run("--lessons", "05", said="\n3\n\nagain\n2\n\n")
    assert "05 Backpropagation by hand, 1 of 9" in result.output
    assert "1 again (tomorrow)   2 hard (tomorrow)   3 good (in 2 days)" in result.output
    assert "It comes again in 2 days." in result.output
    assert "No: above the 0.5 of the start." in result.output
    assert "promise about small changes only" in result.output
    assert "3 answers are kept." in result.output  # then the input ended
    assert list(cards(home)) == ["05.hand_w1", "05.hand_w5", "05.too_far"]
    assert run("--lessons", "05", "--due").output.startswith("due today: 6, 6 of them new")


def test_what_was_not_known_comes_once_more_and_then_it_is_enough(home):
    said = "\n1\n" * 2 + "1\n" * 3 + "\n1\n" * 4  # choices: one of three is right
    result = run("--lessons", "05", said=said + "4\n" + "\n1\n" * 20)
    assert "once more, 1 of" in result.output
    assert "9 answers are kept." in result.output
    assert run("--lessons", "05").output.startswith("Nothing is due today. The next question comes")


def test_an_answer_that_does_not_count_is_asked_for_again(home):
    result = run("--lessons", "05", said="\n9\nwell\n0\n4\n")
    assert "It comes again in 8 days." in result.output


def test_ctrl_c_keeps_what_was_answered(home, monkeypatch):
    calls = iter(["", "3"])

    def prompt(*arguments, **options):
        try:
            return next(calls)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("click.prompt", prompt)
    result = run("--lessons", "05")
    assert result.exit_code == 0
    assert result.output.endswith("Stopped.\n\nOne answer is kept.\n")
    assert len(cards(home)) == 1


def test_a_quiz_marks_itself_and_keeps_nothing(home):
    result = run("--quiz", "5", said="3\n1\n1\n")
    assert result.output.count("Right.") == 2
    assert "No: w6." in result.output
    assert result.output.endswith("2 of 3 right.\n")
    assert not home.exists()


def test_a_deck(home, tmp_path):
    result = run("--anki", str(tmp_path / "x.apkg"), "--lessons", "05")
    assert "x.apkg has 9 questions." in result.output
    assert is_zipfile(tmp_path / "x.apkg")


@pytest.mark.parametrize(("name", "said"), [("x", "x.apkg."), ("no/x.apkg", "There is no folder")])
def test_a_deck_that_cannot_be_written(home, tmp_path, name, said):
    result = run("--anki", str(tmp_path / name))
    assert result.exit_code == 2
    assert said in result.output


def test_progress_says_in_one_line_what_is_due(home):
    home.mkdir()
    line = {"time": "", "function": "mp_neuron", "passed": 3, "tests": 3, "score": 9, "mistake": ""}
    (home / ".progress.jsonl").write_text(json.dumps(line))
    output = CliRunner().invoke(main, ["progress"]).output
    assert output.endswith(
        "12 questions are due today: `dlcourse review`, or the board on the welcome page, asks.\n"
    )


def test_problems_are_sentences(home):
    result = run("--lessons", "77")
    assert result.exit_code == 2
    assert "Error: There is no lesson 77; expected two digits" in result.output
    home.mkdir()
    (home / FILE).write_text('{"version": 9, "cards": {}}')
    result = run("--lessons", "05")
    assert result.exit_code == 2
    assert "newer version of the course" in result.output


def test_a_damaged_file_is_said(home):
    home.mkdir()
    (home / FILE).write_text("{")
    result = run("--lessons", "05", "--due")
    assert "is damaged. It stays in .review.damaged-" in result.output
