import numpy as np
import pytest

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_21_scale import cards, figures, groups


def test_who_is_misread_is_told():
    x, y, _ = groups.both_groups()
    rates = [groups.Rates(0.1, 0.5, 0.12), groups.Rates(0.2, 0.3, 0.205)]
    answers = np.concatenate([y[:360], (y[360:] + 1) % 10])
    figure = figures.who_is_misread(x, answers, y, rates, shown=4)
    assert figure.description.endswith("everybody 16.2 %, A 15.0 %, B 40.0 %.")
    marked = [
        axes.get_xlabel() for axes in figure.axes if "\N{MULTIPLICATION SIGN}" in axes.get_xlabel()
    ]
    assert len(marked) == 4
    assert to_png(figure)


def test_a_batch_is_shared():
    figure = figures.shared_batch([100, 28])
    assert "A batch of 128 rows goes to 2 devices, 100 and 28 rows each" in figure.description
    assert any("28 rows" in text.get_text() for text in figure.axes[0].texts)


def test_the_limit_of_amdahl_is_drawn():
    figure = figures.amdahl_limits([0.5, 0.9])
    assert "50% divided: 1.8 on 8, 2.0 on 1,024" in figure.description
    for line, limit in zip(figure.axes[0].lines[1:], (2, 10), strict=True):
        assert max(line.get_ydata()) < limit


def test_errors_of_both_groups():
    rows = {("inverted", "as it is", share): np.full((3, 3), share) for share in groups.SHARES}
    figure = figures.group_errors(rows, kinds=["inverted"])
    assert "inverted, B: 0, 2, 5, 10, 20, 50 %" in figure.description
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), [0, 2, 5, 10, 20, 50])


def test_the_commonest_confusion_is_told():
    figure = figures.confusions({"all": np.array([[5, 2], [1, 4]])})
    assert "3 of 12 off the diagonal, most often 0 is taken for 1 (2 times)" in (figure.description)
    assert len(figure.axes[0].texts) == 4


def test_two_hundred_people_are_drawn():
    figure = figures.two_hundred({"half": (40, 10, 10, 40)})
    drawn = [len(line.get_xdata()) for line in figure.axes[0].lines]
    assert drawn == [40, 10, 10, 40]
    assert "40 ill, flagged" in figure.description


def test_all_machines_stand_in_the_last_figure():
    figure = figures.all_machines("mine", [30, 40])
    assert figure.description.endswith("21 mine 35.0.")
    labels = figure.axes[0].get_yticklabels()
    assert len(labels) > 17
    assert labels[-1].get_text() == "mine  21"


@pytest.mark.parametrize("missing", [{}, {"worst_group": 1}])
def test_a_card_names_its_groups(missing):
    card = {"name": "n", "error": 0.125, "group_examples": {0: 3, 1: 5}} | missing
    rows = dict(cards.shown(card, {0: "few", 1: "many"}).rows)
    assert rows["error"] == "12.5 %"
    assert rows["group examples"] == "few: 3, many: 5"
    assert rows.get("worst group", "many") == "many"
