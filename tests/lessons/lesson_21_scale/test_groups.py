"""Two groups of digits: who is in the data, what is trained, and what the record says."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_21_scale import groups, scale


def median(kind, way, share):
    return 100 * np.median(groups.record()[kind, way, share], axis=0)


def test_paper_and_ink_change_places():
    images = np.zeros((1, 8, 8, 1), np.float32)
    images[0, 2, 1] = 0.75
    assert groups.changed(images)[0, 2, 1, 0] == 0.25
    assert groups.changed(images)[0, 0, 0, 0] == 1
    mirrored = groups.changed(images, "mirrored")
    assert mirrored[0, 2, 6, 0] == 0.75
    assert mirrored.sum() == 0.75


def test_one_in_twenty_belongs_to_b():
    images, labels, is_b = groups.training_set(0.05, seed=3)
    assert len(images) == len(labels) == 1437
    assert is_b.sum() == 72
    assert images[is_b].mean() > 0.5 > images[~is_b].mean()
    again, _, _ = groups.training_set(0.05, seed=3)
    np.testing.assert_array_equal(images, again)
    other, _, _ = groups.training_set(0.05, seed=4)
    assert np.any(other[is_b] != images[is_b])


@pytest.mark.parametrize(
    ("options", "in_a", "in_b"),
    [
        ({"way": "B repeated"}, 1365, 72 * 19),
        ({"copies": 5}, 1365, 360),
        ({"way": "both forms of all"}, 1437, 1437),
        ({"share": 0.0, "way": "B repeated"}, 1437, 0),
    ],
)
def test_repairs_change_how_many_are_in_b(options, in_a, in_b):
    _, _, is_b = groups.training_set(**{"share": 0.05, "seed": 0} | options)
    assert ((~is_b).sum(), is_b.sum()) == (in_a, in_b)


def test_everybody_is_weighed_by_the_share():
    class Reader:
        def predict(self, x):
            right = groups.both_groups()[1]
            answers = np.where(np.arange(len(x)) < 360, right, (right + 1) % 10)
            return np.eye(10)[answers]

    assert groups.rates(Reader(), 0.05) == pytest.approx((0, 1, 0.05))


def test_a_seed_of_the_record_can_be_trained_again():
    """Other processors round otherwise: a digit or two of 360 may differ."""
    found = groups.rates(groups.trained(0.05, 0), 0.05)
    stored = groups.record()["inverted", "as it is", 0.05][0]
    np.testing.assert_allclose(found, stored, atol=0.02)


def test_the_record_says_what_the_lesson_says():
    rows = groups.record()
    for kind in groups.KINDS:
        for share in groups.SHARES:
            assert rows[kind, "as it is", share].shape == (10, 3)
        usual = rows[kind, "as it is", 0.05]
        for way in groups.WAYS[1:]:
            paid, gained, average = 100 * (rows[kind, way, 0.05] - usual).T
            assert 1 < paid.mean() < 2.5, "A pays one to two and a half points on average"
            assert gained.mean() < -5
            assert np.sum(average > 0) >= 5, "in half of the seeds or more everybody's errors rise"
        ratio = median(kind, "B repeated", 0.05)[1] / median(kind, "as it is", 0.05)[1]
        assert ratio == pytest.approx(0.6 if kind == "inverted" else 0.74, abs=0.02)
        both = median(kind, "both forms of all", 0.05)
        assert abs(both[1] - both[0]) < 1
    few, many = (median("inverted", "as it is", share) for share in (0.02, 0.5))
    assert few[1] == pytest.approx(70, abs=1)
    assert 55 < few[1] - many[1] < 60
    assert 1.5 < many[2] - few[2] < 2.5
    assert abs(many[0] - many[1]) < 1
    few, many = (median("mirrored", "as it is", share) for share in (0.02, 0.5))
    np.testing.assert_allclose([few[1], many[1], few[2], many[2]], [41, 13, 9, 13], atol=0.5)
    assert median("inverted", "as it is", 0.0)[1] > 99
    a, b, _ = median("inverted", "as it is", 0.05)
    assert b > 4 * a


def test_a_table_of_repairs_has_a_row_for_each_way():
    table = scale.repairs(0.05, groups.record(), "mirrored")
    assert [row[0] for row in table.rows] == list(groups.WAYS)
    assert table.rows[0][2].startswith(f"{median('mirrored', 'as it is', 0.05)[1]:.1f} (")
    assert [row[-1] for row in table.rows] == ["-", "8 of 10", "7 of 10"]
    assert "10 seeds" in groups.said()
