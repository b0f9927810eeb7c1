"""What is special to the project: splits, readers and cards of which many are right."""

import itertools
import json

import numpy as np
import pytest

from dlcourse.checks.case import Case
from dlcourse.lessons.lesson_11b_project import checks

GOALS = {check.name: check.goal for check in checks.CHECKS if check.goal}


def rng(seed=0):
    return np.random.default_rng(seed)


# the split


def by_example(hands):
    """The usual mistake: shuffle the examples."""
    parts = np.repeat([0, 1, 2], [len(hands) * 6 // 10, len(hands) * 2 // 10, len(hands)])
    return rng().permutation(parts[: len(hands)])


def by_number_of_hands(hands):
    """Six of ten hands, whatever they wrote, the most diligent first."""
    names, counts = np.unique(hands, return_counts=True)
    rank = np.argsort(np.argsort(-counts))
    first, second = len(names) * 6 // 10, len(names) * 8 // 10
    return np.digitize(rank[np.searchsorted(names, hands)], [first, second])


@pytest.mark.parametrize("seed", range(40))
def test_the_reference_keeps_all_rules_on_every_draw(seed):
    for case in checks.split_cases(rng(seed)):
        assert checks.rules_kept(checks.split_by_hands(*case.arguments), case.hidden) == 3


@pytest.mark.parametrize(
    ("answer", "kept", "words"),
    [
        (checks.all_in_one, 0, "no part is empty"),
        (lambda hands: hands, 0, "Each example gets 0"),
        (by_example, 1, "split the hands, not the examples"),
        (by_number_of_hands, 2, "count examples"),
    ],
)
def test_a_broken_rule_is_named(answer, kept, words):
    case = checks.split_cases(rng())[2]  # three hands wrote much
    value = answer(*case.arguments)
    assert checks.rules_kept(value, case.hidden) == kept
    assert words in GOALS["split_by_hands"].slip(value, case)


def test_a_right_split_has_no_slip_and_any_value_is_borne():
    case = checks.split_cases(rng())[0]
    slip = GOALS["split_by_hands"].slip
    assert slip(checks.split_by_hands(*case.arguments), case) == ""
    for value in (None, 3, "train", np.zeros(2), np.array(["a"] * len(case.hidden))):
        assert slip(value, case) == ""


# the choice and the measures


def test_the_examples_on_paper():
    assert checks.choose_simplest(np.array([40, 22, 20]), 200) == 1
    y = np.zeros(100, dtype=int)
    error, standard, worst, confusion = checks.measure_reader(
        y, np.where(np.arange(100) < 10, 1, 0)
    )
    assert (error, worst, confusion) == (0.1, 0, (0, 1))
    assert standard == pytest.approx(0.03)


@pytest.mark.parametrize("seed", range(20))
def test_drawn_machines_tell_one_error_from_two_and_from_none(seed):
    cases = [case.arguments for case in checks.choose_cases(rng(seed))[-4:]]
    assert [checks.choose_simplest(*case) for case in cases] == [2, 0, 1, 4]
    assert [wrong.argmin() for wrong, _ in cases] == [3, 1, 3, 4]


# the reader


def scans(seed):
    return checks.scan_cases(rng(seed))


def share(answer, case):
    return checks.accuracy(answer(*case.arguments), case.hidden)


def means(train_x, train_y, validation_x, validation_y, test_x):
    centres = np.array([train_x[train_y == digit].mean(axis=0) for digit in range(10)])
    return checks._neighbours(centres.reshape(10, 64), test_x.reshape(-1, 64), 1)[:, 0]


def neighbour(train_x, train_y, validation_x, validation_y, test_x):
    near = checks._neighbours(train_x.reshape(-1, 64), test_x.reshape(-1, 64), 1)
    return train_y[near[:, 0]]


@pytest.mark.parametrize("seed", range(10))
def test_each_bar_asks_for_another_reader(seed):
    first, _, third = GOALS["read_scans"].bars
    for case in scans(seed):
        assert share(checks.commonest, case) < first
        assert share(means, case) < first
        assert first < share(neighbour, case) < third
        assert share(checks.read_scans, case) > third + 0.02


def test_the_scans_to_read_are_apart_from_those_to_learn_from():
    """Digits by one hand stand in a row, so neighbours in the data must not be torn apart."""
    case = scans(3)[0]
    train_x, train_y, validation_x, validation_y, test_x = case.arguments
    assert train_x.shape == (150, 8, 8)
    assert validation_x.shape == (150, 8, 8)
    assert test_x.shape == (400, 8, 8)
    assert len(train_y) == len(validation_y) == 150
    assert len(case.hidden) == 400
    whole = np.concatenate([train_x, validation_x, test_x]).reshape(-1, 64)
    assert len(np.unique(whole, axis=0)) == len(whole)


@pytest.mark.parametrize("seed", range(20))
def test_no_hand_reaches_from_one_part_into_another(seed, monkeypatch):
    """With its place as each image: 150 lie between two parts, and a hand wrote about 138."""
    monkeypatch.setattr(
        checks, "_scan", lambda images, rng: np.arange(len(images))[:, None, None] + 0 * images
    )
    for case in scans(seed):
        parts = [case.arguments[place][:, 0, 0] for place in (0, 2, 4)]
        for one, other in itertools.combinations(parts, 2):
            steps = np.abs(one[:, None] - other)
            assert np.minimum(steps, 1797 - steps).min() >= 150


def test_answers_for_another_part_are_seen():
    case, slip = scans(0)[0], GOALS["read_scans"].slip
    assert "test_x" in slip(np.zeros(150, dtype=int), case)
    assert "4 for every scan" in slip(np.full(400, 4), case)
    assert slip(case.hidden, case) == ""
    assert slip(None, case) == ""


# the card


def card_of(case):
    return checks.report_card(*case.arguments)


@pytest.mark.parametrize("seed", range(30))
def test_the_card_has_all_six_things_on_every_draw(seed):
    for case in checks.card_cases(rng(seed)):
        assert checks.lines_there(card_of(case), case.hidden) == 6
        assert checks.lines_there(checks.words_alone(*case.arguments), case.hidden) == 1


CARD = checks.card_cases(rng())[0]
FACTS = json.loads(CARD.hidden)
SHARE, MISREAD = FACTS["worst"][1], FACTS["worst_misread"]
MEANT, READ, TIMES = FACTS["confusion"]
WRONG = round(FACTS["error"] * FACTS["n"] / 100)


@pytest.mark.parametrize(
    ("old", "new", "there", "words"),
    [
        ("Limits", "Limits", 6, ""),
        (f"+- {FACTS['standard']:.1f} %", "", 5, "with one decimal, is missing"),
        (
            f"+- {FACTS['standard']:.1f}",
            f"+- {FACTS['standard'] / 100:.3f}",
            5,
            "standard error as a share",
        ),
        (
            f"Error: {FACTS['error']:.1f} %",
            f"Error: {FACTS['error'] / 100:.3f}",
            4,
            "the error as a share",
        ),
        (f" % +- {FACTS['standard']:.1f}", f"\n+- {FACTS['standard']:.1f}", 5, "beside the error"),
        (f"{FACTS['error']:.1f}", f"{100 - FACTS['error']:.1f}", 4, "the share of right answers"),
        ("Error: ", f"Error: {WRONG} of {FACTS['n']}, ", 6, ""),
        (f"Tested on {FACTS['n']}", "Tested on many", 5, "on how many digits"),
        (f"{SHARE:.1f} %", f"{100 - SHARE:.1f} %", 5, "is read rightly"),
        (f"{SHARE:.1f} %", f"{100 * MISREAD / FACTS['n']:.1f} %", 5, "by all examples"),
        (f"{SHARE:.1f} %", f"{100 * MISREAD / WRONG:.1f} %", 5, "by all wrong ones"),
        (f"{SHARE:.1f} %", f"{SHARE / 100:.3f}", 5, "not per cent"),
        (f"{MEANT} read as {READ}", f"{READ} read as {MEANT}", 5, "meant comes first"),
        (f", {TIMES} times", "", 5, "How many times"),
        (CARD.arguments[2], "{machine}", 5, "With an f in front"),
        (f"Error: {FACTS['error']:.1f} %", f"Error: {FACTS['error']} %", 4, "Round the error"),
        ("Worst digit:", "Worst digit: not", 6, ""),
        (f"of which it misreads {FACTS['worst'][1]:.1f} %", "", 5, "worst digit"),
        (f"{FACTS['confusion'][0]} read as", "read as", 5, "commonest confusion"),
        (CARD.arguments[5], "none", 5, CARD.arguments[5]),
    ],
)
def test_what_is_missing_is_named(old, new, there, words):
    card = card_of(CARD)
    assert old in card
    value = card.replace(old, new)
    assert checks.lines_there(value, CARD.hidden) == there
    assert words in checks.card_slip(value, CARD)


def test_other_words_are_as_good():
    words = CARD.arguments[2:]
    meant, read, times = FACTS["confusion"]
    worst, misread = FACTS["worst"]
    value = (
        "; ".join(words) + f"\nn = {FACTS['n']}.\nIt misreads {FACTS['error']:.1f} of 100 "
        f"(standard error {FACTS['standard']:.1f}).\n{misread:.1f}% of all {worst}s are misread\n"
        f"{times} times a {meant} is taken for a {read}"
    )
    assert checks.lines_there(value, CARD.hidden) == 6


def test_a_card_of_all_numbers_earns_nothing():
    stuffed = "\n".join(CARD.arguments[2:]) + "\n" + " ".join(f"{n / 10}" for n in range(4000))
    assert checks.lines_there(stuffed, CARD.hidden) == 1
    assert "fits on a page" in checks.card_slip(stuffed, CARD)
    assert checks.card_slip(None, CARD) == ""


def test_a_card_of_another_form_is_told_so():
    case = Case(CARD.arguments, hidden=CARD.hidden)
    assert checks.card_slip(3.0, case) == ""
    assert "the given words alone" in checks.card_slip(checks.words_alone(*case.arguments), case)
    assert "one line" in checks.card_slip(card_of(CARD).replace("\n", "; "), case)


def test_a_number_is_not_taken_for_two():
    facts = FACTS | {"confusion": [3, 9, 3]}
    assert "confusion" in checks.missing_things("3 read as 9", facts)
    assert "confusion" not in checks.missing_things("3 times a 3 is read as 9", facts)
