"""One class by every route that teachers take: the same grades."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from tests.grading.class_files import csv_rows
from tests.grading.notebooks import RIGHT, answers, code, notebook
from tests.grading.test_submission import inner, mac_zip

CLASS = {
    "José Poe": answers(**RIGHT),
    "Jane Doe": answers(perceptron_step="def perceptron_step(w, x, y):\n    return w + y * x"),
    "Tom Roe": notebook(code("", "perceptron_step"), code(RIGHT["perceptron_step"])),
    "Zoe Öz": b"{",
}
ROSTER = "Student,ID\n" + "".join(f"{name},{i}\n" for i, name in enumerate(CLASS, 11))


def last_first(name: str) -> str:
    return "".join(reversed(name.casefold().split()))


def folder(here: Path) -> Path:
    for name, content in CLASS.items():
        (here / "in" / name).mkdir(parents=True)
        (here / "in" / name / "02_perceptron.ipynb").write_bytes(content)
    return here / "in"


def packed(here: Path, names: list[str], contents=None) -> Path:
    path = here / "class.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in zip(names, contents or CLASS.values(), strict=True):
            opened.writestr(name, content)
    return path


def canvas(here: Path) -> Path:
    names = [f"{last_first(n)}_{i}_9{i}_02_perceptron.ipynb" for i, n in enumerate(CLASS, 11)]
    return packed(here, names)


def moodle(here: Path) -> Path:
    names = [f"{n}_7{i}_assignsubmission_file/02.ipynb" for i, n in enumerate(CLASS)]
    return packed(here, names)


def blackboard(here: Path) -> Path:
    date = "attempt_2026-05-01-10-00-00"
    return packed(here, [f"Ex 2_{last_first(n)}_{date}_02.ipynb" for n in CLASS])


def brightspace(here: Path) -> Path:
    date = "May 1, 2026 1110 PM"
    return packed(here, [f"9{i}-80551 - {n} - {date}/02.ipynb" for i, n in enumerate(CLASS)])


def macos(here: Path) -> Path:
    return mac_zip(here, **{f"class/{n}/02_perceptron.ipynb": c for n, c in CLASS.items()})


def zips_in_a_zip(here: Path) -> Path:
    zips = [inner(**{"work/02_perceptron.ipynb": content}) for content in CLASS.values()]
    return packed(here, [f"{name}.zip" for name in CLASS], zips)


@pytest.mark.parametrize(
    "route", [folder, canvas, moodle, blackboard, brightspace, macos, zips_in_a_zip]
)
def test_every_route_leads_to_the_same_grades(route, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("class.csv").write_text(ROSTER, encoding="utf-8")
    submissions = route(tmp_path)
    options = ["--trusted", "--jobs", "1", "--roster", "class.csv", "--lesson", "02"]
    result = CliRunner().invoke(main, ["grade", str(submissions), *options])
    assert result.exit_code == 0, result.output
    head, *rows = csv_rows(tmp_path / "grades" / "grades-without-sandbox.csv")
    assert sorted(row[0] for row in rows) == sorted(CLASS)
    points = {row[0]: row[head.index("points")] for row in rows}
    assert points["José Poe"] == "4"
    assert points["Tom Roe"] == "2"
    assert points["Zoe Öz"] == "0"
    assert 0 < float(points["Jane Doe"]) < 2
    notices = {row[0]: row[-1] for row in rows}
    assert "not in its own answer cell" in notices["Tom Roe"]
    assert not any("Not on the roster" in notice for notice in notices.values())
