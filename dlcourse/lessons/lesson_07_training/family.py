"""Hinton's family trees of 1986: who is whose what, and a network that learns to answer.

Two families with the same tree, one English, one Italian. A question is a person and a relation;
its answers are persons. There are 104 questions. Eight of them have two answers (an uncle on each
side), which makes 112 triples of person, relation and answer.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array

ENGLISH = (
    "Christopher", "Penelope", "Andrew", "Christine", "Margaret", "Arthur",
    "Victoria", "James", "Jennifer", "Charles", "Colin", "Charlotte",
)  # fmt: skip
ITALIAN = (
    "Roberto", "Maria", "Pierro", "Francesca", "Gina", "Emilio",
    "Lucia", "Marco", "Angela", "Tomaso", "Alfonso", "Sophia",
)  # fmt: skip
PEOPLE = ENGLISH + ITALIAN
RELATIONS = (
    "father", "mother", "husband", "wife", "son", "daughter",
    "uncle", "aunt", "brother", "sister", "nephew", "niece",
)  # fmt: skip
MALE = {0, 2, 5, 7, 9, 10}  # numbers of ENGLISH, and of ITALIAN
COUPLES = ((0, 1), (2, 3), (5, 4), (7, 6), (9, 8))  # husband, wife
PARENTS = {5: (0, 1), 6: (0, 1), 7: (2, 3), 8: (2, 3), 10: (7, 6), 11: (7, 6)}
GENERATION = (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2)


@cache
def questions() -> dict[tuple[int, int], frozenset[int]]:
    """Return the answers, numbers of `PEOPLE`, to each question (person, relation).

    Examples
    --------
    >>> colin, aunt = PEOPLE.index("Colin"), RELATIONS.index("aunt")
    >>> [PEOPLE[who] for who in sorted(questions()[colin, aunt])]
    ['Margaret', 'Jennifer']
    >>> len(questions())
    104
    """
    found: dict[tuple[int, int], set[int]] = {}
    for person, relation, answer in sorted(_one_family()):
        for moved in (0, len(ENGLISH)):
            question = person + moved, RELATIONS.index(relation)
            found.setdefault(question, set()).add(answer + moved)
    return {question: frozenset(found[question]) for question in sorted(found)}


def _one_family() -> set[tuple[int, str, int]]:
    """Return all (person, relation, answer) of one family."""
    spouse = {wife: husband for husband, wife in COUPLES}
    spouse |= dict(COUPLES)
    facts = {(one, "husband" if other in MALE else "wife", other) for one, other in spouse.items()}
    for child, parents in PARENTS.items():
        facts |= {(child, "father", parents[0]), (child, "mother", parents[1])}
        facts |= {(p, "son" if child in MALE else "daughter", child) for p in parents}
        facts |= {(s, "brother" if child in MALE else "sister", child) for s in _siblings(child)}
        for one in (s for parent in parents for s in _siblings(parent)):
            for relative in {one, spouse.get(one, one)}:
                facts.add((child, "uncle" if relative in MALE else "aunt", relative))
                facts.add((relative, "nephew" if child in MALE else "niece", child))
    return facts


def _siblings(person: int) -> list[int]:
    parents = PARENTS.get(person)
    return [p for p in PARENTS if parents and p != person and PARENTS[p] == parents]


def arrays() -> tuple[Array, Array, Array]:
    """Return persons (104, 24), relations (104, 12) and answers (104, 24), as zeros and ones."""
    table = questions()
    persons, relations = np.zeros((len(table), 24)), np.zeros((len(table), 12))
    answers = np.zeros((len(table), 24))
    for row, ((person, relation), right) in enumerate(table.items()):
        persons[row, person] = relations[row, relation] = 1
        answers[row, list(right)] = 1
    return persons, relations, answers


class Families(NamedTuple):
    """What networks from several seeds have learned of the families.

    Attributes
    ----------
    learned : Array, shape (seeds,)
        The share of the 100 questions of training that are answered rightly.
    new_right : list of int
        How many of the four questions that were held out are answered rightly, per seed.
    held_out : list of list of int
        Which rows of `arrays` they were.
    persons : Array, shape (seeds, 24, 6)
        The weights from each person to the six units that code persons.
    """

    learned: Array
    new_right: list[int]
    held_out: list[list[int]]
    persons: Array


SIZES = {"persons": (24, 6), "relations": (12, 6), "middle": (12, 12), "code": (12, 6)}
SIZES |= {"answer": (6, 24)}


def _sigmoid(z: Array) -> Array:
    a: Array = 0.5 + 0.5 * np.tanh(0.5 * z)
    return a


def train_families(
    *,
    seeds: Sequence[int] = range(10),
    rates: tuple[float, float] = (0.005, 0.05),
    shares: tuple[float, float] = (0.5, 0.9),
    shrink: float = 0.0005,
    width: float = 1.0,
    sweeps: int = 3000,
) -> Families:
    """Train the network of 1986 on 100 questions, from several seeds at once.

    Each seed draws the four questions that it holds out. The error is that of the paper: half the
    squared difference to 0 or 1, and none where a unit that should be on is above 0.8, or off below
    0.2. A question counts as answered if the right units, and no others, are above 0.5.

    Parameters
    ----------
    seeds : sequence of int
    rates, shares : tuple of two floats
        Learning rate, and share of the last step that is added, in the first 20 sweeps and after.
    shrink : float
        By how much of itself each weight shrinks after each sweep.
    width : float
        Weights and biases start between -width and width.
    sweeps : int
    """
    inputs = [array.astype(np.float32) for array in arrays()]  # twice as fast, and enough
    rngs = [np.random.default_rng(seed) for seed in seeds]
    weights = {name: _draw(rngs, width, shape) for name, shape in SIZES.items()}
    biases = {name: _draw(rngs, width, (1, shape[1])) for name, shape in SIZES.items()}
    orders = [rng.permutation(104) for rng in rngs]
    held_out, kept = [sorted(o[:4]) for o in orders], np.array([np.sort(o[4:]) for o in orders])
    batch = [array[kept] for array in inputs]
    steps = {name: (np.zeros_like(weights[name]), np.zeros_like(biases[name])) for name in SIZES}
    for sweep in range(sweeps):
        rate, share = (rates[0], shares[0]) if sweep < 20 else (rates[1], shares[1])
        for name, grads in _gradients(weights, biases, *batch).items():
            for array, step, grad in zip(
                (weights[name], biases[name]), steps[name], grads, strict=True
            ):
                step *= share
                step -= rate * grad
                array += step
                array *= 1 - shrink
    whole = [np.broadcast_to(array, (len(rngs), *array.shape)) for array in inputs]
    right = np.all((_forward(weights, biases, *whole[:2])[-1] > 0.5) == (whole[2] > 0.5), axis=2)
    return Families(
        learned=np.array([line[rows].mean() for line, rows in zip(right, kept, strict=True)]),
        new_right=[int(line[rows].sum()) for line, rows in zip(right, held_out, strict=True)],
        held_out=[[int(row) for row in rows] for rows in held_out],
        persons=weights["persons"],
    )


def _draw(rngs: list[np.random.Generator], width: float, shape: tuple[int, int]) -> Array:
    return np.stack([rng.uniform(-width, width, shape) for rng in rngs]).astype(np.float32)


def _forward(
    weights: dict[str, Array], biases: dict[str, Array], persons: Array, relations: Array
) -> tuple[Array, Array, Array, Array]:
    """Return what the four layers put out."""

    def layer(name: str, a: Array) -> Array:
        return _sigmoid(a @ weights[name] + biases[name])

    first = np.concatenate([layer("persons", persons), layer("relations", relations)], axis=2)
    middle = layer("middle", first)
    code = layer("code", middle)
    return first, middle, code, layer("answer", code)


def _gradients(
    weights: dict[str, Array],
    biases: dict[str, Array],
    persons: Array,
    relations: Array,
    right: Array,
) -> dict[str, tuple[Array, Array]]:
    first, middle, code, answer = _forward(weights, biases, persons, relations)
    off = answer - right
    off[np.abs(off) < 0.2] = 0.0
    delta = off * answer * (1 - answer)
    deltas = {"answer": delta}
    for name, above, a in (
        ("code", "answer", code),
        ("middle", "code", middle),
        ("first", "middle", first),
    ):
        delta = delta @ weights[above].transpose(0, 2, 1) * a * (1 - a)
        deltas[name] = delta
    deltas |= {"persons": deltas["first"][..., :6], "relations": deltas["first"][..., 6:]}
    ins = {"persons": persons, "relations": relations, "middle": first, "code": middle}
    ins["answer"] = code
    return {
        name: (a.transpose(0, 2, 1) @ deltas[name], deltas[name].sum(axis=1, keepdims=True))
        for name, a in ins.items()
    }


def matches(persons: Array) -> tuple[Array, Array]:
    """Return how closely each unit follows the family, and the generation.

    Parameters
    ----------
    persons : Array, shape (seeds, 24, 6)
        The weights from each person to each unit.

    Returns
    -------
    family, generation : Array, shape (seeds, 6)
        The correlation of the unit's weights with it, without its sign: 0 to 1.
    """

    def follows(known: NDArray[np.float64]) -> Array:
        units = persons - persons.mean(axis=1, keepdims=True)
        known = known - known.mean()
        sizes = np.sqrt((units**2).sum(axis=1) * (known**2).sum())
        found: Array = np.abs((units * known[:, None]).sum(axis=1)) / sizes
        return found

    generation = np.tile(np.array(GENERATION, dtype=float), 2)
    return follows(np.repeat([0.0, 1.0], 12)), follows(generation)


def guessed() -> float:
    """Return how many questions are right by a guess that knows their family and relation.

    It draws one of the answers to the other questions of that kind.
    """
    shares = []
    for (person, relation), right in questions().items():
        others = [
            who
            for (other, asked), answers in questions().items()
            if asked == relation and other // 12 == person // 12 and other != person
            for who in answers
        ]
        shares.append(np.mean([who in right for who in others]))
    return float(np.mean(shares))
