"""What lesson 18 says of its measurements holds, for other seeds, too."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_18_attention import experiments, models, record, tasks, writer
from tests.nn.proofs import prove


@pytest.mark.parametrize("seed", [7, 8])
def test_one_block_reverses_and_looks_at_the_mirrored_place(seed):
    model = models.transformer(seed=seed)
    experiments.train(model, "reverse", 100, seed)
    assert experiments.score(model, "reverse", rows=100).letters > 0.99
    weights = models.attention_maps(model, np.arange(16)[np.newaxis] % 10)[0][0]
    mirrored = [weights[:, t, 15 - t].max() for t in range(16)]
    assert np.mean(mirrored) > 0.5
    assert experiments.score(model, "reverse", 12, rows=100).letters < 0.75


def test_without_positions_it_does_not():
    model = models.transformer(positions="none", seed=7)
    experiments.train(model, "reverse", 100, 7)
    assert experiments.score(model, "reverse", rows=100).letters < 0.35


@pytest.mark.parametrize("depth", [16, 256])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_root_keeps_scores_near_one(depth, seed):
    plain = experiments.sharpness(depth, 1.0, seed)
    scaled = experiments.sharpness(depth, depth**-0.5, seed)
    assert plain.spread == pytest.approx(depth**0.5, rel=0.02)
    assert scaled.spread == pytest.approx(1, rel=0.02)
    assert plain.largest > scaled.largest
    assert plain.slope < scaled.slope


def test_what_is_told_is_the_symbol_before():
    prove(experiments.Told(), (4, 6), keras=False)
    x = np.random.default_rng(0).standard_normal((1, 4, 6))
    other = x.copy()
    other[0, 1] += 1
    changed = (experiments.Told().forward(other)[0] != experiments.Told().forward(x)[0]).any(axis=2)
    assert changed.tolist() == [[False, True, True, False]]


def test_told_one_block_recalls():
    model = experiments.recall_network("one block, told", 4, seed=7)
    assert experiments.recall(model, 4, 8, 150, seed=7)[-1] > 0.95


def test_the_usual_start_drowns_a_symbol():
    usual, large = map(experiments.lengths_at_start, ("two blocks, usual start", "two blocks"))
    assert usual[1] / usual[0] > 5
    assert large[1] / large[0] < 2


def test_counts_by_hand():
    new = "a" + "ab" * 25  # one piece: 50 letters to guess after the first
    one, two = writer.counted_bits("aab", new, 2)
    a, b = (2 + 1 / 29) / 4, (1 + 1 / 29) / 4
    assert one == pytest.approx(-np.mean(np.log2([a, b])))
    after_a = (1 + a) / 3, (1 + b) / 3  # of the two pairs that begin with a, one goes on with a
    after_b = a / 1  # no pair begins with b: the single letters are all there is
    expected = [after_a[0], *([after_a[1], after_b] * 24), after_a[1]]
    assert two == pytest.approx(-np.mean(np.log2(expected)))


@pytest.mark.parametrize(("length", "share"), [(16, 0.42), (12, 0.38)])
def test_who_sorts_without_reading_gets_a_floor(length, share):
    _, y = tasks.draw("sort", np.random.default_rng(0), 20_000, length)
    commonest = [np.bincount(column).max() / len(y) for column in y.T]
    assert np.mean(commonest) == pytest.approx(share, abs=0.01)
    if length == 12:
        assert max(record.lengths_at("sort", "16", 1, 12)) < share + 0.015


def test_a_writer_learns_and_goes_on_with_a_text():
    text = "a cab, a bad cab. " * 40
    model = writer.network(1, 8, seed=0)
    before = writer.bits(model, text)
    writer.train(model, text, 30, 0, 0.01)
    assert writer.bits(model, text) < before
    assert writer.write(model, 60, seed=0, text="a c").startswith("a c")


def test_a_reader_of_digits_chooses_without_the_test():
    def untrained(seed):
        layers = [nn.Flatten(), nn.Dense(10)]
        return nn.Sequential(layers, input_shape=(8, 8), seed=seed)

    seen = [experiments.wrong_digits(untrained, 0, epochs=1, validate=v) for v in (True, False)]
    assert 0 < seen[0] < 287
    assert 0 < seen[1] < 360


# ------------------------------------------------------------------ what the record must bear out


def letters(task, network):
    return [row["letters"] for row in record.runs("tasks", task=task, network=network)]


def test_the_text_says_what_the_record_says():
    assert min(letters("reverse", "one block")) > 0.99
    for rate in (0.003, 0.01):
        assert max(letters("reverse", f"LSTMs from both ends, rate {rate}")) < 0.4
    patient = record.runs("patience", task="reverse")
    assert [round(row["letters"], 1) for row in patient] == [0.8, 0.8]
    assert max(row["whole"] for row in patient) < 0.03
    sorted_by = {
        rate: letters("sort", f"LSTMs from both ends, rate {rate}") for rate in (0.003, 0.01)
    }
    assert min(sorted_by[0.01]) > 0.95
    assert min(letters("sort", "one block")) > 0.99
    for task in ("reverse", "sort"):
        assert max(letters(task, "one block, no positions")) < 0.3
    learned = [row["learned"] for row in record.runs("tasks", task="reverse", network="one block")]
    assert max(learned) <= 75
    assert max(record.lengths_at("reverse", "16", 1, 12)) < 0.2
    assert max(record.lengths_at("reverse", "4 to 16", 1, 12)) < 0.5
    for length in (4, 8, 12):
        assert min(record.lengths_at("reverse", "4 to 16", 2, length)) > 0.95
    at_16 = record.lengths_at("reverse", "4 to 16", 2, 16)
    assert (round(min(at_16), 2), round(max(at_16), 2)) == (0.41, 0.72)
    kinds = (("16", 1), ("4 to 16", 1), ("4 to 16", 2))
    assert max(max(record.lengths_at("reverse", *kind, 17)) for kind in kinds) < 0.345
    sorted_17 = [share for kind in kinds for share in record.lengths_at("sort", *kind, 17)]
    assert min(sorted_17) > 0.695
    assert max(sorted_17) < 0.875
    assert max(max(record.lengths_at("sort", *kind, 24)) for kind in kinds) < 0.395
    near = [share for t in (15, 17) for share in record.lengths_at("sort", "16", 1, t)]
    assert min(near) > 0.715
    assert max(near) < 0.835


def test_recall_takes_two_blocks_and_a_large_start():
    last = {}
    for row in record.read()["recall"]:
        last.setdefault(row["network"], []).append(row["right"][-1])
    assert all(len(shares) == 5 for shares in last.values())
    assert min(last["two blocks"]) > 0.9
    assert min(last["one block, told"]) > 0.99
    for stuck in ("one block", "two blocks, usual start"):
        assert max(last[stuck]) < 0.45


def test_counting_wins_on_the_short_text_and_is_level_on_the_long_one():
    counts, networks = record.writers("stories")
    assert np.argmin(counts["bits"]) == 3
    assert min(counts["bits"]) < min(row["bits"] for row in networks)
    counts, networks = record.writers("manual")
    assert np.argmin(counts["bits"]) == 4
    larger = [row["bits"] for row in networks if row["network"].endswith("blocks of 64")]
    assert min(larger) < min(counts["bits"]) < max(larger)


def test_at_equal_weights_the_tanh_network_needs_fewer_bits():
    _, networks = record.writers("manual")
    bits = {}
    for row in networks:
        bits.setdefault(row["network"], []).append(row["bits"])
    assert max(bits["tanh, 96 units"]) < min(bits["transformer, one block of 36"])


def test_heads_and_positions_are_as_the_history_check_says():
    whole = {
        heads: [row["whole"] for row in record.runs("heads", heads=heads)] for heads in (1, 4, 8)
    }
    two = [row["whole"] for row in record.runs("tasks", network="one block", task="sort")]
    means = [np.mean(shares) for shares in (whole[1], two, whole[4], whole[8])]
    assert means == sorted(means)
    waves, trained = (
        [
            row["whole"]
            for row in record.runs("positions", task="sort", network=f"one block, {name}")
        ]
        for name in ("waves", "trained, large start")
    )
    assert max(waves) < min(trained)


def test_tables_have_a_line_for_each_network():
    assert len(record.task_table("sort", ("one block", "two blocks", "LSTMs")).rows) == 4
    assert "never" in repr(record.task_table("reverse", ("one block", "LSTMs")))
    paper = record.paper_table()
    assert paper.rows[0][:2] == ["1 head", "24.9"]
    assert len(record.recall_table().rows) == 4


def test_products_are_counted():
    places, width = 6, 4
    by_matrices = 4 * (places * width) * width  # query, key, value, output
    by_pairs = 2 * places * places * width  # scores, and mixing
    assert record.products("attention", places, width) == by_matrices + by_pairs
    assert record.products("recurrent", places, width) == 2 * places * width * width
