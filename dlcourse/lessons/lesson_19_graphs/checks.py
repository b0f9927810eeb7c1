"""Lesson 19, graphs: a grid, a mean over neighbours, labels that spread; digits read by their like.

a is an adjacency matrix, (nodes, nodes): symmetric, 0 and 1, zeros on the diagonal. Features and
labels have a row for each node.
"""
# ruff: noqa: N806  P is the name of the lesson, and of the exercise

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator
Wrong = Callable[..., Any]


def _quiet(function: Wrong) -> Wrong:
    """Wrap a wrong function that divides by zero or overflows, so that nothing is warned."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


def _graph(nodes: int, *edges: tuple[int, int]) -> Ints:
    """Return the adjacency matrix of these edges."""
    a = np.zeros((nodes, nodes), dtype=int)
    for i, j in edges:
        a[i, j] = a[j, i] = 1
    return a


def _renamed(rng: Rng, a: Ints, *rows: Any) -> tuple[Any, ...]:
    """Give the nodes other numbers, and put what belongs to them into the same order."""
    order = rng.permutation(len(a))
    return a[np.ix_(order, order)], *(row[order] for row in rows)


PATH = _graph(3, (0, 1), (1, 2))
STAR = _graph(4, (0, 1), (0, 2), (0, 3))
ALONE = _graph(4, (0, 1), (1, 3))  # node 2 has no neighbour
KITE = _graph(5, (0, 1), (0, 2), (1, 2), (2, 3), (3, 4))
# No two nodes of these have the same place: whoever renames them gets another matrix.
SPIDER = _graph(6, (0, 1), (1, 2), (2, 3), (2, 4), (3, 4), (4, 5))
FAN = _graph(6, (0, 1), (0, 2), (0, 3), (1, 2), (2, 3), (3, 4), (4, 5), (0, 4))


# grid_graph


def grid_graph(rows: int, columns: int, neighbours: int) -> Ints:
    """Return the adjacency matrix of the pixels of an image, row by row."""
    nodes = rows * columns
    adjacency = np.zeros((nodes, nodes), dtype=int)
    for i in range(nodes):
        for j in range(nodes):
            down = abs(i // columns - j // columns)
            right = abs(i % columns - j % columns)
            if neighbours == 4:
                adjacency[i, j] = down + right == 1
            else:
                adjacency[i, j] = max(down, right) == 1
    return adjacency


def grid_cases(rng: Rng) -> list[Case]:
    """Take small images, a row, a column, a pixel, the squares of the lesson; random sizes."""

    def drawn(neighbours: int) -> Case:
        """Draw a wide image with 4 neighbours, or a high one with 8."""
        few, many = sorted(int(n) for n in rng.choice(np.arange(3, 8), 2, replace=False))
        size = (few, many) if neighbours == 4 else (many, few)
        return Case((*size, neighbours), f"a random size, {neighbours} neighbours")

    return [
        Case((2, 2, 4), "2 x 2 pixels, 4 neighbours"),
        Case((2, 3, 4), "2 rows of 3 pixels, 4 neighbours"),
        Case((3, 2, 4), "3 rows of 2 pixels, 4 neighbours"),
        Case((2, 2, 8), "2 x 2 pixels, 8 neighbours"),
        Case((2, 3, 8), "2 rows of 3 pixels, 8 neighbours"),
        Case((1, 4, 4), "a single row, 4 neighbours"),
        Case((4, 1, 8), "a single column, 8 neighbours"),
        Case((1, 1, 8), "a single pixel"),
        Case((3, 4, 4), "3 rows of 4 pixels, 4 neighbours"),
        Case((4, 3, 8), "4 rows of 3 pixels, 8 neighbours"),
        Case((5, 5, 4), "5 x 5 pixels, 4 neighbours: 40 edges"),
        Case((5, 5, 8), "5 x 5 pixels, 8 neighbours: 72 edges"),
        drawn(4),
        drawn(8),
    ]


def is_grid(value: Any, rows: int, columns: int, neighbours: int) -> bool:
    """Tell whether a grid is right that holds True and False.

    Examples
    --------
    >>> is_grid(np.array([[False, True], [True, False]]), 1, 2, 4)
    True
    """
    return (
        isinstance(value, np.ndarray)
        and value.dtype == bool
        and np.array_equal(value, grid_graph(rows, columns, neighbours) == 1)
    )


FOUR = "adjacency[i, j] = down + right == 1"
EIGHT = "adjacency[i, j] = max(down, right) == 1"
DOWN = "down = abs(i // columns - j // columns)"
RIGHT = "right = abs(i % columns - j % columns)"
GRID = "return adjacency"


def _joined(rows: int, columns: int, edges: Callable[..., Any]) -> Ints:
    """Join pixels in both directions; edges gives pairs of numbers for a row and a column."""
    a = np.zeros((rows * columns, rows * columns), dtype=int)
    for row, column in np.ndindex(rows, columns):
        for i, j in edges(row, column, row * columns + column):
            a[i, j] = a[j, i] = 1
    return a


def _moves(
    inside: Callable[..., bool],
    corners: Any = ((1, 1), (1, -1), (-1, 1), (-1, -1)),
    left_out: Any = (),
) -> Wrong:
    """Build a grid whose pixels look in all directions, with a wrong idea of the border."""

    def wrong(rows: int, columns: int, neighbours: int) -> Any:
        a = np.zeros((rows * columns, rows * columns), dtype=int)
        moves = [(0, 1), (1, 0), (0, -1), (-1, 0), *(corners if neighbours == 8 else ())]
        for row, column in np.ndindex(rows, columns):
            for down, right in moves:
                r, c = row + down, column + right
                if (down, right) not in left_out and inside(r, c, rows, columns):
                    a[row * columns + column, r * columns + c] = 1
        return a

    return wrong


def _within(r: int, c: int, rows: int, columns: int) -> bool:
    return 0 <= r < rows and 0 <= c < columns


def _around(rows: int, columns: int, neighbours: int, itself: bool = False) -> Ints:
    """Close the image to a ring, in which a single row is its own neighbour, or not."""
    steps = [(0, 1), (1, 0)] + [(1, 1), (1, -1)] * (neighbours == 8)

    def edges(row: int, column: int, i: int) -> Any:
        for down, right in steps:
            j = (row + down) % rows * columns + (column + right) % columns
            if itself or j != i:
                yield i, j

    return _joined(rows, columns, edges)


def _by_numbers(rows: int, columns: int, neighbours: int) -> Ints:
    """Join the numbers i and i + 1, also where a row ends."""
    steps = [1, columns] + [columns - 1, columns + 1] * (neighbours == 8)
    number = np.arange(rows * columns)
    return np.isin(abs(number[:, None] - number), steps).astype(int)


def _by_diagonals(rows: int, columns: int, neighbours: int) -> Floats:
    steps = [1, columns] + [columns + 1, columns - 1] * (neighbours == 8)
    total = np.zeros((rows * columns, rows * columns))
    for k in steps:
        total += np.eye(rows * columns, k=k) + np.eye(rows * columns, k=-k)
    return total


def _squares(rows: int, columns: int, neighbours: int) -> Ints:
    """Join the pixels of each square of four; the last row and column begin none."""

    def edges(row: int, column: int, i: int) -> Any:
        if row + 1 < rows and column + 1 < columns:
            yield from ((i, i + 1), (i, i + columns))
            if neighbours == 8:
                yield from ((i, i + columns + 1), (i + 1, i + columns))

    return _joined(rows, columns, edges)


def _corner_of_another_row(rows: int, columns: int, neighbours: int, both: bool) -> Ints:
    """Join a pixel with the one below to the left, also where there is none."""

    def edges(row: int, column: int, i: int) -> Any:
        right, below = column + 1 < columns, row + 1 < rows
        if right:
            yield i, i + 1
        if below:
            yield i, i + columns
        if neighbours == 8 and right and below:
            yield i, i + columns + 1
        if neighbours == 8 and below and (right or not both):
            yield i, i + columns - 1

    return _joined(rows, columns, edges)


def _numbers_that_meet(rows: int, columns: int, neighbours: int) -> Ints:
    """Give the pixels the numbers row * rows + column."""
    right = _edges(rows, columns, neighbours)
    row, column = np.divmod(right, columns)
    a = np.zeros((rows * columns, rows * columns), dtype=int)
    for i, j in row * rows + column:
        a[i, j] = a[j, i] = 1
    return a


def _edges(rows: int, columns: int, neighbours: int) -> Ints:
    return np.argwhere(np.triu(grid_graph(rows, columns, neighbours)))


GRID_MISTAKES = [
    Mistake(
        "one_way",
        (GRID, "return np.triu(adjacency)"),
        "Each edge stands in your matrix once. It joins both pixels, so it stands there twice: "
        "a[i, j] = 1 and a[j, i] = 1.",
    ),
    Mistake(
        "one_way_back",
        (GRID, "return np.tril(adjacency)"),
        "Each edge stands in your matrix once, below the diagonal. It joins both pixels: "
        "a[i, j] = 1 and a[j, i] = 1.",
    ),
    Mistake(
        "counted_twice",
        (GRID, "return 2 * adjacency"),
        "Your edges are 2: they were added twice, once from each end. An entry is 1 where an edge "
        "joins two pixels.",
    ),
    Mistake(
        "itself",
        (GRID, "return adjacency + np.eye(nodes, dtype=int)"),
        "Your pixels are neighbours of themselves. The diagonal is 0: a distance of 0 is no edge.",
    ),
    Mistake(
        "itself_of_four",
        (FOUR, FOUR.replace("==", "<=")),
        "With 4 neighbours your pixels are neighbours of themselves. The diagonal is 0: a distance "
        "of 0 is no edge.",
    ),
    Mistake(
        "itself_of_eight",
        (EIGHT, EIGHT.replace("==", "<=")),
        "With 8 neighbours your pixels are neighbours of themselves. The diagonal is 0: a distance "
        "of 0 is no edge.",
    ),
    Mistake(
        "always_four",
        (EIGHT, FOUR),
        "You give 4 neighbours where 8 are asked for. Then the four at the corners count, too.",
    ),
    Mistake(
        "always_eight",
        (FOUR, EIGHT),
        "You give 8 neighbours where 4 are asked for. Then the pixels at the corners do not count.",
    ),
    Mistake(
        "always_eight_and_itself",
        ((FOUR, EIGHT.replace("==", "<=")), (EIGHT, EIGHT.replace("==", "<="))),
        "Your pixels are neighbours of themselves, and the corners count also where 4 neighbours "
        "are asked for. Ask for 4 and for 8 in conditions of their own.",
    ),
    Mistake(
        "one_of_the_two",
        (FOUR, "adjacency[i, j] = down == 1 or right == 1"),
        "With 4 neighbours you ask whether a pixel is one row or one column away, wherever else it "
        "stands. The other distance must be 0.",
    ),
    Mistake(
        "exactly_one_of_the_two",
        (FOUR, "adjacency[i, j] = (down == 1) != (right == 1)"),
        "With 4 neighbours you ask whether a pixel is one row or one column away, wherever else it "
        "stands. The other distance must be 0.",
    ),
    Mistake(
        "turned_round",
        ("neighbours == 4", "neighbours == 8"),
        "You have turned 4 and 8 round: 8 neighbours are those with the corners.",
    ),
    Mistake(
        "corners_alone",
        (EIGHT, "adjacency[i, j] = down == right == 1"),
        "With 8 neighbours you join the pixels at the corners alone. The four beside, above and "
        "below count as well.",
    ),
    Mistake(
        "two_away",
        (EIGHT, "adjacency[i, j] = 0 < down + right <= 2"),
        "With 8 neighbours you also join pixels that are two steps away in a straight line. No "
        "neighbour is more than one row and one column away.",
    ),
    Mistake(
        "one_diagonal",
        _moves(_within, ((1, 1), (-1, -1))),
        "Of the two diagonals you have only the one that runs down to the right. A square of four "
        "pixels has two.",
    ),
    Mistake(
        "no_absolute_values",
        (
            (DOWN, "down = i // columns - j // columns"),
            (RIGHT, "right = i % columns - j % columns"),
        ),
        "Your distances have a sign: -1 is a neighbour, too. Take absolute values, abs(...), "
        "before you compare.",
    ),
    Mistake(
        "row_ends_joined",
        _by_numbers,
        "You join the last pixel of a row to the first of the next one: their numbers are "
        "neighbours, they are not. Ask for the column first: i % columns.",
    ),
    Mistake(
        "row_ends_joined_by_diagonals",
        _by_diagonals,
        "A whole diagonal also joins the last pixel of a row to the first of the next one: their "
        "numbers are neighbours, they are not. Leave out where a row ends.",
    ),
    Mistake(
        "around_the_edge",
        _around,
        "Your image is closed to a ring: the first and the last row or column are neighbours. "
        "Python takes the index -1 for the last one, so ask whether the neighbour is in the image.",
    ),
    Mistake(
        "around_the_edge_to_itself",
        lambda rows, columns, neighbours: _around(rows, columns, neighbours, itself=True),
        "Your image is closed to a ring: the first and the last row or column are neighbours, and "
        "a single row is its own. Ask whether the neighbour is in the image; `%` brings it back "
        "to the other side.",
    ),
    Mistake(
        "right_left_out",
        _moves(_within, left_out=((0, 1),)),
        "No pixel has a neighbour to its right. Does a `break` stand where `continue` is meant, "
        "for the pixel itself? `break` leaves the loop, `continue` goes on with the next one.",
    ),
    Mistake(
        "up_and_left_alone",
        _moves(_within, ((-1, -1),), left_out=((0, 1), (1, 0))),
        "Your pixels look up and to the left alone. range(-1, 1) holds -1 and 0: its end is not "
        "included, so write range(-1, 2).",
    ),
    Mistake(
        "only_the_end_is_seen",
        _moves(lambda r, c, rows, columns: r < rows and c < columns),
        "You ask whether a neighbour lies beyond the last row or column, and not whether it lies "
        "before the first: row -1 and column -1 are outside, too. 0 <= row < rows.",
    ),
    Mistake(
        "first_row_and_column",
        _moves(lambda r, c, rows, columns: 0 < r < rows and 0 < c < columns),
        "Row 0 and column 0 belong to the image: 0 <= row, not 0 < row.",
    ),
    Mistake(
        "last_row_and_column",
        _squares,
        "The edges along the last row and the last column are missing. The last row has neighbours "
        "to the right, and the last column below.",
    ),
    Mistake(
        "corner_of_another_row",
        lambda rows, columns, neighbours: _corner_of_another_row(rows, columns, neighbours, True),
        "The pixel below to the left exists where column > 0. You ask whether there is a column to "
        "the right; so in column 0 it is a pixel of the same row, and in the last column none.",
    ),
    Mistake(
        "corner_of_the_same_row",
        lambda rows, columns, neighbours: _corner_of_another_row(rows, columns, neighbours, False),
        "In column 0 there is no pixel below to the left: i + columns - 1 is the last one of the "
        "same row. Ask whether column > 0.",
    ),
    Mistake(
        "rows_for_columns",
        (
            (DOWN, DOWN.replace("columns", "rows")),
            (RIGHT, RIGHT.replace("columns", "rows")),
        ),
        "You number the pixels column by column, or take the number of rows for the length of a "
        "row. Pixel i stands in row i // columns and column i % columns.",
    ),
    Mistake(
        "numbers_that_meet",
        _numbers_that_meet,
        "Your pixels have the numbers row * rows + column. A row is `columns` long, so it is "
        "row * columns + column.",
    ),
    Mistake(
        "beside_alone",
        (("down + right == 1", "down == 0 and right == 1"),),
        "With 4 neighbours you join the pixels to the left and to the right alone. Those above and "
        "below count, too.",
    ),
    Mistake(
        "above_alone",
        (("down + right == 1", "down == 1 and right == 0"),),
        "With 4 neighbours you join the pixels above and below alone. Those to the left and to the "
        "right count, too.",
    ),
    Mistake(
        "not_joined",
        (GRID, "return 1 - adjacency"),
        "Your 0 and 1 are turned round: 1 stands where an edge joins two pixels.",
    ),
    Mistake(
        "distances",
        ((FOUR, "adjacency[i, j] = down + right"), (EIGHT, "adjacency[i, j] = max(down, right)")),
        "Your entries are distances. An entry is 1 where two pixels are neighbours, and 0 "
        "everywhere else.",
    ),
    Mistake(
        "how_many",
        (GRID, "return adjacency.sum(axis=1)"),
        "You return how many neighbours each pixel has. Return the whole matrix, a row and a "
        "column for each pixel.",
    ),
    Mistake(
        "edges",
        lambda rows, columns, neighbours: _edges(rows, columns, neighbours),
        "You return a list of the edges. Return the adjacency matrix: a row and a column for each "
        "pixel, 1 where an edge joins them.",
    ),
    Mistake(
        "number_of_edges",
        (GRID, "return adjacency.sum() // 2"),
        "You return the number of edges. Return the adjacency matrix.",
    ),
    Mistake(
        "an_image",
        (GRID, "return adjacency.sum(axis=1).reshape(rows, columns)"),
        "Your matrix has the shape of the image. There is a row and a column for each pixel: "
        "shape (rows * columns, rows * columns).",
    ),
    Mistake(
        "four_axes",
        (GRID, "return adjacency.reshape(rows, columns, rows, columns)"),
        "The entries are right, but your array has four axes. Give each pixel one number, "
        "row * columns + column.",
    ),
    Mistake(
        "first_pixel_alone",
        (EIGHT, f"{EIGHT}\n        break"),
        "Only the first pixel has its edges. Go on through all pixels before you return.",
    ),
]


# normalised_adjacency


def normalised_adjacency(a: Ints) -> Floats:
    """Return P, which divides at both ends of an edge by the root of the degree plus 1."""
    with_loops = a + np.eye(len(a))
    scale = 1 / np.sqrt(with_loops.sum(axis=1))
    p: Floats = with_loops * scale * scale[:, np.newaxis]
    return p


def normalised_cases(rng: Rng) -> list[Case]:
    """Take the lesson's path, a pair, a star, a node alone, floats; graphs with other numbers."""
    return [
        Case((PATH,), "the path of the lesson"),
        Case((_graph(2, (0, 1)),), "two nodes, one edge"),
        Case((STAR,), "a star: node 0 has three neighbours"),
        Case((ALONE,), "node 2 has no neighbour"),
        Case((np.zeros((1, 1), dtype=int),), "one node, no edge"),
        Case((KITE.astype(float),), "a triangle with a tail, in floats"),
        Case((FAN,), "six nodes"),
        Case(_renamed(rng, SPIDER), "six nodes, numbered at random"),
        Case(_renamed(rng, FAN.astype(float)), "six nodes, numbered at random"),
    ]


LOOPS = "with_loops = a + np.eye(len(a))"
SCALE = "scale = 1 / np.sqrt(with_loops.sum(axis=1))"
BOTH = "p: Floats = with_loops * scale * scale[:, np.newaxis]"
PRODUCT = "with_loops * scale * scale[:, np.newaxis]"


def _by_degrees(a: Any, loops: bool = True, power: float = -0.5) -> Any:
    """Scale by the degrees of the graph without loops: a node alone has none."""
    scale = a.sum(axis=1) ** power
    return (a + loops * np.eye(len(a))) * scale * scale[:, None]


def _root_of_a_matrix(a: Any) -> Any:
    with_loops = a + np.eye(len(a))
    root = np.diag(with_loops.sum(axis=1)) ** -0.5  # of every entry: 0 becomes infinite
    return root @ with_loops @ root


def _entry_by_entry(a: Any) -> Any:
    with_loops = a + np.eye(len(a))
    scale = np.diag(1 / np.sqrt(with_loops.sum(axis=1)))
    return scale * with_loops * scale


def _loops_in_place(a: Any) -> Any:
    p = normalised_adjacency(a)
    np.fill_diagonal(a, 1)
    return p


def _scaled_twice(matrix: Any, axis: int) -> Any:
    for each in (axis, 1 - axis):
        matrix = matrix / np.sqrt(matrix.sum(axis=each, keepdims=True))
    return matrix


def _means_of_rows(a: Any) -> Any:
    with_loops = a + np.eye(len(a))
    return with_loops / with_loops.sum(axis=1, keepdims=True)


NORMALISED_MISTAKES = [
    Mistake(
        "loops_in_place",
        _loops_in_place,
        "The numbers are right, but you write the self-loops into `a`, which belongs to the "
        "caller. `a + np.eye(len(a))` makes a new matrix.",
    ),
    Mistake(
        "means_of_rows",
        _means_of_rows,
        "You take the mean: each row divided by its sum. P divides by the square roots of both "
        "degrees, the one of the row and the one of the column.",
    ),
    Mistake(
        "means_of_columns",
        lambda a: _means_of_rows(a).T,
        "You divide each column by its degree. P divides by the square roots of both degrees, of "
        "the column and of the row; to scale rows, the numbers stand in a column: "
        "scale[:, np.newaxis].",
    ),
    Mistake(
        "means_without_loops",
        _quiet(lambda a: a / a.sum(axis=1, keepdims=True)),
        "You divide the rows of A by their sums. First add the self-loops, A + I; then divide by "
        "the square roots of both degrees.",
    ),
    Mistake(
        "no_loops",
        _quiet(lambda a: _by_degrees(a, loops=False)),
        "The self-loops are missing: start with A + I, and let the degrees count them, too. Else a "
        "node forgets itself, and one without neighbours is divided by 0.",
    ),
    Mistake(
        "degrees_without_loops",
        _quiet(_by_degrees),
        "Your degrees do not count the self-loops. d is the sum of a row of A + I, one more than "
        "the number of neighbours.",
    ),
    Mistake(
        "loops_in_the_degrees_alone",
        (BOTH, BOTH.replace("with_loops *", "a *")),
        "Your degrees count the self-loops, but the matrix has none. Scale A + I, not A.",
    ),
    Mistake(
        "divided_in_full",
        (SCALE, "scale = 1 / with_loops.sum(axis=1)"),
        "You divide by both degrees in full, so that everything fades away. Divide by their square "
        "roots.",
    ),
    Mistake(
        "divided_in_full_without_loops",
        _quiet(lambda a: _by_degrees(a, power=-1.0)),
        "You divide by both degrees in full, and they do not count the self-loops. Divide by the "
        "square roots of the sums of A + I.",
    ),
    Mistake(
        "rows_alone",
        (BOTH, "p = with_loops * scale[:, np.newaxis]"),
        "You scale the rows alone. The columns are divided by the roots of their degrees, too.",
    ),
    Mistake(
        "columns_alone",
        (BOTH, "p = with_loops * scale"),
        "You scale the columns alone. The rows are divided by the roots of their degrees, too: "
        "scale[:, np.newaxis].",
    ),
    Mistake(
        "multiplied",
        (SCALE, "scale = np.sqrt(with_loops.sum(axis=1))"),
        "You multiply by the roots of the degrees. Divide by them: D has the power -1/2.",
    ),
    Mistake(
        "degrees_multiplied",
        (SCALE, "scale = with_loops.sum(axis=1)"),
        "You multiply by the degrees. Divide by their square roots: D has the power -1/2.",
    ),
    Mistake(
        "power_without_brackets",
        (SCALE, "scale = with_loops.sum(axis=1) ** -1 / 2"),
        "`d ** -1 / 2` is (d ** -1) / 2: a power takes only what follows it at once. Write "
        "d ** -0.5, or 1 / np.sqrt(d).",
    ),
    Mistake(
        "power_without_brackets_of_columns",
        (BOTH, "p = with_loops * scale**2 / 2"),
        "`** 1 / 2` takes the first power and then halves: a power takes only what follows it at "
        "once. Write np.sqrt(...), or ** 0.5; and divide by the roots of both degrees.",
    ),
    Mistake(
        "power_without_brackets_of_rows",
        (BOTH, "p = with_loops * scale[:, np.newaxis] ** 2 / 2"),
        "`** 1 / 2` takes the first power and then halves: a power takes only what follows it at "
        "once. Write np.sqrt(...), or ** 0.5; and divide by the roots of both degrees.",
    ),
    Mistake(
        "power_without_brackets_of_both",
        (BOTH, "p = with_loops * np.outer(scale, scale) ** 2 / 2"),
        "`** 1 / 2` takes the first power and then halves: a power takes only what follows it at "
        "once. Write np.sqrt(...), or ** 0.5; and divide by the roots of both degrees.",
    ),
    Mistake(
        "root_of_a_matrix",
        _quiet(_root_of_a_matrix),
        "You take the power of the whole matrix D, and 0 ** -0.5 is infinite. Take it of the "
        "degrees first, then put them on the diagonal: np.diag(d ** -0.5).",
    ),
    Mistake(
        "entry_by_entry",
        _entry_by_entry,
        "With `*` only the diagonal is left, for the diagonal matrices are 0 elsewhere. Products "
        "of matrices are written `@`.",
    ),
    Mistake(
        "ones_for_loops",
        (LOOPS, "with_loops = a + np.ones(a.shape)"),
        "You add 1 to every entry, which joins each node to all. A self-loop joins a node to "
        "itself: np.eye.",
    ),
    Mistake(
        "loops_added_afterwards",
        _quiet(lambda a: _by_degrees(a, loops=False) + np.eye(len(a))),
        "You add the self-loops at the end. Add them first, A + I: the degrees count them, and "
        "they are divided as well.",
    ),
    Mistake(
        "loops_added_undivided",
        (BOTH, "p = a * scale * scale[:, np.newaxis] + np.eye(len(a))"),
        "You add the self-loops after the division. Add them before: an entry of the diagonal is "
        "divided as well, by its own degree.",
    ),
    Mistake(
        "loops_twice",
        (LOOPS, "with_loops = a + 2 * np.eye(len(a))"),
        "Your self-loops count twice. Add the identity matrix once.",
    ),
    Mistake(
        "multiplied_by_one_root",
        (BOTH, "p = with_loops * scale[:, np.newaxis] / scale"),
        "You divide by one root and multiply by the other: `x / a * b` is (x / a) * b. Divide by "
        "both, or put their product into brackets.",
    ),
    Mistake(
        "root_of_the_sum",
        (BOTH, "p = with_loops / np.sqrt(scale**-2 + scale[:, np.newaxis] ** -2)"),
        "You take the root of the sum of the two degrees. Take it of their product, d_i * d_j.",
    ),
    Mistake(
        "sums_of_scaled_rows",
        lambda a: _scaled_twice(a + np.eye(len(a)), 1),
        "You scale the rows, and then take the sums of what is scaled already. Both roots come "
        "from the same degrees, those of A + I: compute d once.",
    ),
    Mistake(
        "sums_of_scaled_columns",
        lambda a: _scaled_twice(a + np.eye(len(a)), 0),
        "You scale the columns, and then take the sums of what is scaled already. Both roots come "
        "from the same degrees, those of A + I: compute d once.",
    ),
    Mistake(
        "added_roots",
        (BOTH, "p = with_loops * (scale + scale[:, np.newaxis])"),
        "You add the two factors. Multiply by both, 1 / sqrt(d_i) and 1 / sqrt(d_j).",
    ),
    Mistake(
        "one_sum",
        (SCALE, "scale = 1 / np.sqrt(with_loops.sum()) * np.ones(len(a))"),
        "You divide by the sum of all entries. Each node has its own degree: sum(axis=1).",
    ),
    Mistake(
        "one_root",
        (SCALE, "scale = (with_loops.sum(axis=1) ** 2).sum() ** -0.25 * np.ones(len(a))"),
        "You divide by one number: `d @ d` adds up. Each entry has its own, the root of "
        "d[i] * d[j], as in np.outer(d, d).",
    ),
    Mistake(
        "means_for_sums",
        (SCALE, "scale = 1 / np.sqrt(with_loops.mean(axis=1))"),
        "You take the means of the rows of A + I. d is their sum.",
    ),
    Mistake(
        "laplacian",
        (BOTH, "p = np.eye(len(a)) - with_loops * scale * scale[:, np.newaxis]"),
        "You subtract from the identity matrix: that is a Laplacian. P is the product itself.",
    ),
    Mistake(
        "not_divided",
        (BOTH, "p = with_loops"),
        "You return A + I. Divide each entry by the roots of the degrees at both ends.",
    ),
    Mistake(
        "whole_numbers",
        (BOTH, f"p = ({PRODUCT}).astype(int)"),
        "Your numbers lost their decimals: an array of whole numbers cuts them off. `a` holds "
        "whole numbers, so np.zeros_like(a) does, too; take np.zeros(a.shape).",
    ),
    Mistake(
        "degrees",
        (BOTH, "p = with_loops.sum(axis=1)"),
        "You return the degrees. Return the matrix that they scale.",
    ),
    Mistake(
        "diagonal_matrix",
        (BOTH, "p = np.diag(scale)"),
        "You return D to the power -1/2. P has A + I between two of them.",
    ),
]


# message_passing


def message_passing(a: Ints, h: Floats, steps: int) -> Floats:
    """Multiply the features by P, several times."""
    P = normalised_adjacency(a)
    for _ in range(steps):
        h = P @ h
    return h


def message_cases(rng: Rng) -> list[Case]:
    """Take the path of the lesson, no step, many, whole numbers, a node alone; drawn features."""
    ends = np.array([[1.0, 0], [0, 0], [0, 1]])
    kite = decimals(always(), 5, 2)
    six, many = decimals(always(), 6, 3), decimals(always(), 6, 1)

    def drawn(a: Ints, h: Floats, steps: int, about: str) -> Case:
        return Case((*_renamed(rng, a, h * decimals(rng, 1)[0]), steps), about)

    return [
        Case((PATH, ends, 1), "the path of the lesson, one step"),
        Case((PATH, ends, 2), "the path of the lesson, two steps"),
        Case((PATH, ends, 0), "no step: the features stay"),
        Case((PATH, ends, 10), "the path of the lesson, ten steps"),
        Case((STAR, np.array([[4], [0], [2], [-1]]), 3), "a star, whole numbers, three steps"),
        Case((ALONE, np.array([[1.0], [2], [3], [4]]), 2), "node 2 has no neighbour"),
        Case((KITE.astype(float), kite, 2), "a triangle with a tail, two steps"),
        Case((KITE, kite, 3), "a triangle with a tail, three steps"),
        drawn(FAN, six, 2, "six nodes, numbered at random, two steps"),
        drawn(SPIDER, many, 4, "six nodes, numbered at random, four steps"),
    ]


PASSED = "P = normalised_adjacency(a)"
STEP = "h = P @ h"
STEPS = "range(steps)"
OUT = "return h"


def _one_after_another(a: Any, h: Any, steps: int) -> Any:
    """Let a node hear what those before it say already in the new step."""
    P, h = normalised_adjacency(a), h.astype(float)
    for _ in range(steps):
        for i in range(len(h)):
            h[i] = P[i] @ h
    return h


def _in_place(a: Any, h: Any, steps: int) -> Any:
    P = normalised_adjacency(a)
    for _ in range(steps):
        h[:] = P @ h
    return h


def _normed(a: Any, h: Any, steps: int) -> Any:
    for _ in range(steps):
        h = normalised_adjacency(a) @ h
        h = h / np.linalg.norm(h, axis=1, keepdims=True)
    return h


def _with(p: Wrong) -> Wrong:
    """Build message passing with another matrix."""

    def wrong(a: Any, h: Any, steps: int) -> Any:
        matrix = p(a)
        for _ in range(steps):
            h = matrix @ h
        return h

    return _quiet(wrong)


def _all_steps(a: Any, h: Any, steps: int) -> Any:
    return np.array([message_passing(a, h, step) for step in range(1, steps + 1)])


def _squared(a: Any, steps: int) -> Any:
    P = normalised_adjacency(a)
    for _ in range(steps - 1):
        P = P @ P
    return P


def _divided_by_sums(a: Any, h: Any, steps: int) -> Any:
    for _ in range(steps):
        h = normalised_adjacency(a) @ h
        h = h / h.sum(axis=0)
    return h


MESSAGE_MISTAKES = [
    Mistake(
        "in_place",
        _in_place,
        "You write into `h`, which belongs to the caller; and if it holds whole numbers, the "
        "decimals are cut off. `h = P @ h` makes a new array.",
    ),
    Mistake(
        "whole_numbers",
        lambda a, h, steps: _in_place(a, h.copy(), steps),
        "Where `h` holds whole numbers, your copy of it does, too, and cuts off the decimals. "
        "Begin with h.astype(float), or write `h = P @ h`.",
    ),
    Mistake(
        "sums",
        (PASSED, "P = a"),
        "You multiply by A: that is the sum over the neighbours, and a node forgets itself. "
        "Multiply by P = normalised_adjacency(a).",
    ),
    Mistake(
        "sums_with_loops",
        (PASSED, "P = a + np.eye(len(a))"),
        "You multiply by A + I, so that numbers grow with each step. Multiply by P = "
        "normalised_adjacency(a).",
    ),
    Mistake(
        "means",
        _with(_means_of_rows),
        "You take the mean over a node and its neighbours. Here the rule with both square roots is "
        "meant: P = normalised_adjacency(a).",
    ),
    Mistake(
        "means_without_loops",
        _with(lambda a: a / a.sum(axis=1, keepdims=True)),
        "You take the mean over the neighbours, and a node forgets itself. Multiply by P = "
        "normalised_adjacency(a).",
    ),
    Mistake(
        "no_loops",
        _with(lambda a: _by_degrees(a, loops=False)),
        "The self-loops are missing. Multiply by P = normalised_adjacency(a), which has them.",
    ),
    Mistake(
        "loops_twice",
        (PASSED, "P = normalised_adjacency(a + np.eye(len(a)))"),
        "You add self-loops before normalised_adjacency adds them once more. Give it `a` as it is.",
    ),
    Mistake(
        "last_message_alone",
        (STEP, "h = P[:, -1:] * h[-1]"),
        "Only the message of the last node is left: each one overwrites the one before. Add them "
        "up, `+=`.",
    ),
    Mistake(
        "one_step",
        (STEPS, "range(min(steps, 1))"),
        "You take one step, whatever `steps` says. Repeat it, and let each step begin with what "
        "the one before has made.",
    ),
    Mistake(
        "always_one_step",
        (STEPS, "range(1)"),
        "You take one step, whatever `steps` says. Repeat it, and let each step begin with what "
        "the one before has made; with 0 steps the features stay.",
    ),
    Mistake(
        "one_too_many",
        (STEPS, "range(steps + 1)"),
        "You take one step too many: range(n) has n rounds already, counted from 0.",
    ),
    Mistake(
        "one_too_few",
        (STEPS, "range(1, steps)"),
        "You take one step too few: range(1, n) has n - 1 rounds. Write range(steps).",
    ),
    Mistake(
        "at_least_one",
        (STEPS, "range(max(steps, 1))"),
        "With 0 steps nothing happens: return the features as they came in.",
    ),
    Mistake(
        "added_to_itself",
        (STEP, "h = h + P @ h"),
        "You add what arrives to what a node had. The self-loop in P has done that: h becomes "
        "P @ h.",
    ),
    Mistake(
        "ever_more_powers",
        (STEP, "P = P @ P\n        h = P @ h"),
        "You change P in the loop, so that each step takes several. P stays the same: h = P @ h.",
    ),
    Mistake(
        "squared_again_and_again",
        lambda a, h, steps: _squared(a, steps) @ h,
        "You square P in each round: after three rounds that is the eighth power. Multiply h by P "
        "once in each step.",
    ),
    Mistake(
        "squared_again_and_again_or_nothing",
        lambda a, h, steps: _squared(a, steps) @ h if steps else h,
        "You square P in each round: after three rounds that is the eighth power. Multiply h by P "
        "once in each step.",
    ),
    Mistake(
        "times_the_steps",
        lambda a, h, steps: steps * (normalised_adjacency(a) @ h),
        "You take the first step several times and add up. Each step begins with what the one "
        "before has made: h = P @ h.",
    ),
    Mistake(
        "itself_left_out",
        (PASSED, "P = normalised_adjacency(a) * a"),
        "A node does not hear itself: you go through its neighbours alone. The diagonal of P "
        "belongs to the sum.",
    ),
    Mistake(
        "powers_of_entries",
        _quiet(lambda a, h, steps: normalised_adjacency(a) ** steps @ h),
        "`**` takes the power of every entry. Multiply by P again and again, or use "
        "np.linalg.matrix_power.",
    ),
    Mistake(
        "normalised_again",
        ((PASSED, "P = a"), (STEP, "P = normalised_adjacency(P)\n        h = P @ h")),
        "You normalise P again in each step. Compute it once, from `a`.",
    ),
    Mistake(
        "relu",
        (STEP, "h = np.maximum(P @ h, 0)"),
        "You set negative numbers to 0. Message passing only mixes: h = P @ h, without an "
        "activation.",
    ),
    Mistake(
        "tanh",
        (STEP, "h = np.tanh(P @ h)"),
        "You apply tanh. Message passing only mixes: h = P @ h, without an activation.",
    ),
    Mistake(
        "normed",
        _quiet(_normed),
        "You scale each row to length 1. Message passing only mixes: h = P @ h.",
    ),
    Mistake(
        "divided_by_the_sum",
        _quiet(lambda a, h, steps: _divided_by_sums(a, h, steps)),
        "You divide by sums after each step. Message passing only mixes: h = P @ h.",
    ),
    Mistake(
        "divided_by_the_steps",
        (OUT, "return h / max(steps, 1)"),
        "You divide by the number of steps. Return what the last one has made.",
    ),
    Mistake(
        "one_after_another",
        _one_after_another,
        "Some of your nodes hear the new numbers of others within the same step. All listen at "
        "once, to the old ones: write the new ones to an array of their own, or h = P @ h.",
    ),
    Mistake(
        "all_steps",
        _all_steps,
        "You return the features after every step. Return those after the last one.",
    ),
    Mistake(
        "matrix",
        lambda a, h, steps: np.linalg.matrix_power(normalised_adjacency(a), steps),
        "You return the power of P. Multiply the features by it.",
    ),
    Mistake(
        "all_steps_and_the_start",
        lambda a, h, steps: np.array([h, *_all_steps(a, h, steps)]),
        "You return the features after every step. Return those after the last one.",
    ),
    Mistake(
        "transposed",
        (OUT, "return h.T"),
        "Your nodes stand in the columns. Each node is a row, as in `h`.",
    ),
]


# label_propagation


def label_propagation(a: Ints, labels: Ints, steps: int) -> Ints:
    """Return a label for every node: means over neighbours, and what is known is put back."""
    known = labels >= 0
    share = a + np.eye(len(a))
    share = share / share.sum(axis=1, keepdims=True)
    scores = np.zeros((len(a), labels.max() + 1))
    scores[known, labels[known]] = 1
    start = scores.copy()
    for _ in range(steps):
        scores = share @ scores
        scores[known] = start[known]
    answers: Ints = scores.argmax(axis=1)
    return answers


def label_cases(rng: Rng) -> list[Case]:
    """Paths whose end is reached or not, a tie, no step, a node alone; graphs that tell the rules.

    In the last ones the labels have other numbers in every run, in the same order.
    """
    dense = _graph(6, (0, 1), (0, 3), (0, 5), (1, 2), (1, 3), (1, 5), (2, 4), (3, 4))
    two = np.array([-1, -1, 0, -1, 2, -1])
    known_meet = _graph(
        6, (0, 2), (0, 3), (0, 4), (0, 5), (1, 2), (1, 3), (1, 4), (2, 4), (2, 5), (3, 4)
    )
    few = _graph(6, (0, 2), (1, 3), (1, 5), (2, 3), (2, 5), (4, 5))
    ring = _graph(6, (0, 3), (0, 4), (1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (3, 5), (4, 5))
    wheel = _graph(
        6, (0, 2), (0, 3), (0, 4), (0, 5), (1, 2), (1, 3), (1, 4), (1, 5), (3, 5), (4, 5)
    )
    three = np.array([0, -1, -1, 3, -1, 2])
    line = _graph(5, (0, 1), (1, 2), (2, 3), (3, 4))

    def case(about: str, a: Ints, labels: list[int], steps: int) -> Case:
        return Case((a, np.array(labels), steps), about)

    def drawn(a: Ints, labels: Ints, steps: int) -> Case:
        low, high = np.sort(rng.choice(np.arange(12, 40, 2), 2, replace=False))
        others = np.where(labels == 2, low, np.where(labels == 3, high, labels))
        return Case((a, others, steps), "six nodes, labels with other numbers")

    return [
        case("a path, one end is known, two steps", PATH, [1, -1, -1], 2),
        case("a path, both ends are known", line, [1, -1, -1, -1, 0], 1),
        case("between two labels: a tie", PATH, [1, -1, 0], 1),
        case("one step does not reach the end", line, [2, -1, -1, -1, -1], 1),
        case("three steps do not reach the end", line, [-1, -1, -1, -1, 12], 3),
        case("no step", KITE, [1, -1, 0, -1, -1], 0),
        case("all are known", STAR, [0, 1, 1, 1], 4),
        case("node 2 has no neighbour", ALONE, [1, -1, -1, 2], 2),
        case("floats in a", KITE.astype(float), [-1, 1, -1, -1, 0], 2),
        Case((dense, two, 3), "six nodes, two labels"),
        Case((known_meet, three, 3), "six nodes, three labels"),
        Case((few, np.array([3, -1, -1, 3, 0, -1]), 5), "six nodes, six edges, five steps"),
        Case((ring, np.array([0, 3, -1, -1, 5, -1]), 5), "six nodes, three labels, five steps"),
        Case((wheel, np.array([-1, 5, 0, -1, 3, -1]), 4), "six nodes, three labels, four steps"),
        drawn(dense, two, 3),
        drawn(known_meet, three, 3),
    ]


KNOWN = "known = labels >= 0"
LABEL_LOOPS = "share = a + np.eye(len(a))"
SHARE = "share = share / share.sum(axis=1, keepdims=True)"
SCORES = "scores = np.zeros((len(a), labels.max() + 1))"
START = "scores[known, labels[known]] = 1"
SPREAD = "scores = share @ scores"
BACK = "scores[known] = start[known]"
ANSWER = "answers: Ints = scores.argmax(axis=1)"


def _scores(a: Any, labels: Any, steps: int) -> Any:
    """Return the scores that label_propagation has at the end."""
    known, share = labels >= 0, _means_of_rows(a)
    start = np.zeros((len(a), labels.max() + 1))
    start[known, labels[known]] = 1
    scores = start.copy()
    for _ in range(steps):
        scores = share @ scores
        scores[known] = start[known]
    return scores


def _nobody_for_what_was_not_reached(a: Any, labels: Any, steps: int) -> Any:
    scores = _scores(a, labels, steps)
    return np.where(scores.any(axis=1), scores.argmax(axis=1), -1)


def _largest_of_a_tie(a: Any, labels: Any, steps: int) -> Any:
    scores = _scores(a, labels, steps)
    return scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)


def _last_row_for_unknown(a: Any, labels: Any, steps: int) -> Any:
    """Take -1 for an index: unknown nodes begin with the last label."""
    scores, share = np.eye(labels.max() + 1)[labels], _means_of_rows(a)
    start, known = scores.copy(), labels >= 0
    for _ in range(steps):
        scores = share @ scores
        scores[known] = start[known]
    return scores.argmax(axis=1)


def _last_row_for_unknown_and_all_put_back(a: Any, labels: Any, steps: int) -> Any:
    return np.eye(labels.max() + 1)[labels].argmax(axis=1)


def _votes(a: Any, labels: Any, steps: int) -> Any:
    """Give each unknown node the commonest label of its neighbours, as a whole label."""
    answers = labels.copy()
    for _ in range(steps):
        before = answers.copy()
        for i in np.flatnonzero(labels < 0):
            heard = before[(a[i] > 0) & (before >= 0)]
            if len(heard):
                answers[i] = np.bincount(heard).argmax()
    return answers


def _votes_kept(a: Any, labels: Any, steps: int) -> Any:
    for _ in range(steps):
        labels = np.where(labels < 0, _votes(a, labels, 1), labels)
    return labels


def _ten_columns(a: Any, labels: Any, steps: int) -> Any:
    np.zeros(10)[labels]  # a label above 9 is no index
    return label_propagation(a, labels, steps)


def _rows_divided(a: Any, labels: Any, steps: int) -> Any:
    start, scores = _scores(a, labels, 0), _scores(a, labels, 0)
    for _ in range(steps):
        scores = _means_of_rows(a) @ scores
        scores = scores / scores.sum(axis=1, keepdims=True)
        scores[labels >= 0] = start[labels >= 0]
    return scores.argmax(axis=1)


def _votes_one_after_another(a: Any, labels: Any, steps: int) -> Any:
    answers = labels.copy()
    for _ in range(steps):
        for i in np.flatnonzero(answers < 0):
            heard = answers[(a[i] > 0) & (answers >= 0)]
            if len(heard):
                answers[i] = np.bincount(heard).argmax()
    return answers


def _one_node_after_another(a: Any, labels: Any, steps: int) -> Any:
    scores, share = _scores(a, labels, 0), _means_of_rows(a)
    for _ in range(steps):
        for i in np.flatnonzero(labels < 0):
            scores[i] = share[i] @ scores
    return scores.argmax(axis=1)


def _kept_once_found(a: Any, labels: Any, steps: int) -> Any:
    """Let a node keep the first label that it gets."""
    answers = labels.copy()
    for _ in range(steps):
        scores = _scores(a, answers, 1)
        answers = np.where((answers < 0) & scores.any(axis=1), scores.argmax(axis=1), answers)
    return np.maximum(answers, 0)


def _labels_written(a: Any, labels: Any, steps: int) -> Any:
    labels[:] = label_propagation(a, labels, steps)
    return labels


def _numbers_averaged(a: Any, labels: Any, steps: int) -> Any:
    """Spread the labels as numbers."""
    share, known = _means_of_rows(a), labels >= 0
    numbers = np.where(known, labels, 0).astype(float)
    for _ in range(steps):
        numbers = np.where(known, labels, share @ numbers)
    return np.round(numbers).astype(int)


def _unknown_averaged(a: Any, labels: Any, steps: int) -> Any:
    share, known = _means_of_rows(a), labels >= 0
    numbers = labels.astype(float)
    for _ in range(steps):
        numbers = np.where(known, labels, share @ numbers)
    return np.round(numbers).astype(int)


def _positions(a: Any, labels: Any, steps: int) -> Any:
    """Return the places in the list of known labels in place of the labels."""
    kinds = np.unique(labels[labels >= 0])
    places = np.where(labels < 0, -1, np.searchsorted(kinds, labels))
    return label_propagation(a, places, steps)


def _as_many_as_kinds(a: Any, labels: Any, steps: int) -> Any:
    """Give the scores a column for each label that occurs, though some number is left out."""
    known = labels >= 0
    scores = np.zeros((len(a), len(np.unique(labels[known]))))
    scores[known, labels[known]] = 1
    return label_propagation(a, labels, steps)


def _zero_unknown(a: Any, labels: Any, steps: int) -> Any:
    """Take label 0 for unknown, too."""
    return label_propagation(a, np.where(labels > 0, labels, -1), steps)


LABEL_MISTAKES = [
    Mistake(
        "labels_written",
        _labels_written,
        "The answers are right, but you write them into `labels`, which belongs to the caller. "
        "Make a new array.",
    ),
    Mistake(
        "not_put_back",
        (f"        {BACK}\n", ""),
        "You do not put back what is known. After each step the known nodes get their one-hot "
        "scores again, or they are talked round. (`start = scores` is no copy: it changes with "
        "the scores.)",
    ),
    Mistake(
        "put_back_at_the_end",
        (f"        {BACK}\n", f"    {BACK}\n"),
        "You put back what is known once, at the end. Do it after each step, inside of the loop, "
        "or the labels fade on their way.",
    ),
    Mistake(
        "added_back",
        (BACK, "scores = scores + start"),
        "You add the known scores once more, so that they grow with each step. Put them back: the "
        "rows of the known nodes are replaced.",
    ),
    Mistake(
        "ones_put_back",
        (BACK, "scores[known] = 1"),
        "You put ones into all columns of the known nodes: they would have every label. Put back "
        "their one-hot rows, a copy of the start.",
    ),
    Mistake(
        "one_entry_put_back",
        (BACK, "scores[known, labels[known]] = 1"),
        "You put back one number of a known node; what it has heard of other labels stays beside "
        "it. Put back its whole row, or set it to 0 first.",
    ),
    Mistake(
        "half_way",
        (SPREAD, "scores = (scores + share @ scores) / 2"),
        "You go half the way in each step: the mean of the old scores and the new ones. A node "
        "listens to itself already, so the scores become share @ scores.",
    ),
    Mistake(
        "mixed_with_the_start",
        (f"{SPREAD}\n        {BACK}", "scores = 0.9 * share @ scores + 0.1 * start"),
        "You mix the start into every step, which is another method. Here the known rows are put "
        "back whole, and the others are means alone.",
    ),
    Mistake(
        "faded",
        (SPREAD, "scores = 0.9 * share @ scores + 0.1 * start"),
        "Your scores fade with each step: the others are means alone, share @ scores, and the "
        "known rows are put back whole.",
    ),
    Mistake(
        "chosen_at_every_step",
        (BACK, f"{BACK}\n        scores = 1.0 * (scores == scores.max(axis=1, keepdims=True))"),
        "You choose a label at every step. Spread scores, the decimals too, and choose once, at "
        "the end.",
    ),
    Mistake(
        "one_hot_at_every_step",
        (BACK, f"{BACK}\n        scores = np.eye(scores.shape[1])[scores.argmax(axis=1)]"),
        "You choose a label at every step. Spread scores, the decimals too, and choose once, at "
        "the end.",
    ),
    Mistake(
        "rows_divided",
        _quiet(lambda a, labels, steps: _rows_divided(a, labels, steps)),
        "You divide each row by its sum after a step, and 0 / 0 is nan where nothing has arrived. "
        "Leave the scores as they are; argmax needs no shares.",
    ),
    Mistake(
        "rows_of_the_labels",
        (START, "scores[labels[known]] = 1"),
        "You take labels for nodes: scores[labels[known]] are whole rows. Say both, the node and "
        "the column: scores[known, labels[known]] = 1.",
    ),
    Mistake(
        "put_back_before",
        (f"{SPREAD}\n        {BACK}", f"{BACK}\n        {SPREAD}"),
        "You put back what is known before each step, so that the last one talks the known nodes "
        "round. Do it after the step.",
    ),
    Mistake(
        "square_roots",
        (SHARE, "share = normalised_adjacency(a)"),
        "You spread along P. Label propagation takes means: the rows of A + I, divided by their "
        "sums.",
    ),
    Mistake(
        "no_loops",
        _quiet(lambda a, labels, steps: _spread_along(_rows(a), labels, steps)),
        "A node listens to itself, too: the mean goes over the node and its neighbours. Divide the "
        "rows of A + I by their sums.",
    ),
    Mistake(
        "no_loops_where_there_are_neighbours",
        lambda a, labels, steps: _spread_along(
            a / np.maximum(a.sum(axis=1, keepdims=True), 1), labels, steps
        ),
        "A node listens to itself, too: the mean goes over the node and its neighbours. Divide the "
        "rows of A + I by their sums.",
    ),
    Mistake(
        "sums",
        (f"    {SHARE}\n", ""),
        "You add up instead of taking means: who has many neighbours grows louder with each step. "
        "Divide the rows of A + I by their sums.",
    ),
    Mistake(
        "sums_without_loops",
        lambda a, labels, steps: _spread_along(a, labels, steps),
        "You add up over the neighbours. Take the mean over the node and its neighbours: the rows "
        "of A + I, divided by their sums.",
    ),
    Mistake(
        "columns",
        (SHARE, "share = share / share.sum(axis=0)"),
        "You divide the columns by their sums. A mean divides each row: sum(axis=1, "
        "keepdims=True).",
    ),
    Mistake(
        "one_too_many",
        ("range(steps)", "range(steps + 1)"),
        "You take one step too many: range(n) has n rounds already, counted from 0.",
    ),
    Mistake(
        "one_too_few",
        ("range(steps)", "range(steps - 1)"),
        "You take one step too few. Write range(steps).",
    ),
    Mistake(
        "one_step",
        ("range(steps)", "range(min(steps, 1))"),
        "You take one step, whatever `steps` says. Repeat it, and let each step begin with what "
        "the one before has made.",
    ),
    Mistake(
        "no_step",
        ("range(steps)", "range(0)"),
        "Nothing spreads: you return what the known labels alone say. Take `steps` steps.",
    ),
    Mistake(
        "nobody_for_what_was_not_reached",
        _nobody_for_what_was_not_reached,
        "A node that nothing has reached keeps -1 with you. Every node gets a label: argmax of a "
        "row of zeros is 0.",
    ),
    Mistake(
        "largest_of_a_tie",
        _largest_of_a_tie,
        "At a tie you take the larger label. Take the smaller one, as argmax does.",
    ),
    Mistake(
        "last_label_for_unknown",
        _last_row_for_unknown,
        "An unknown node begins with the last label: the index -1 is the last one. Give scores to "
        "the known nodes alone, labels >= 0, and zeros to the others.",
    ),
    Mistake(
        "last_label_for_unknown_put_back",
        _last_row_for_unknown_and_all_put_back,
        "You take -1 for a label, the last one, and nothing spreads. Give scores to the known "
        "nodes alone, labels >= 0, zeros to the others, and put back the known ones alone.",
    ),
    Mistake(
        "zero_is_unknown",
        _zero_unknown,
        "You take the label 0 for unknown. Known is what is at least 0: labels >= 0.",
    ),
    Mistake(
        "votes_and_zero",
        lambda a, labels, steps: np.maximum(_votes(a, labels, steps), 0),
        "You let whole labels spread, by a vote of the neighbours. Spread scores, the decimals "
        "too, and choose once, at the end.",
    ),
    Mistake(
        "votes",
        _votes,
        "You let whole labels spread, by a vote of the neighbours. Spread scores, the decimals "
        "too, and choose once, at the end.",
    ),
    Mistake(
        "votes_one_after_another",
        _votes_one_after_another,
        "You let whole labels spread, and a node keeps the first one that it gets. Spread scores, "
        "the decimals too, and choose once, at the end.",
    ),
    Mistake(
        "votes_kept",
        _votes_kept,
        "You let whole labels spread, and a node keeps the first one that it gets. Spread scores, "
        "the decimals too, and choose once, at the end.",
    ),
    Mistake(
        "votes_of_the_known",
        lambda a, labels, steps: _votes(a, labels, min(steps, 1)),
        "Your nodes hear of labels that were known from the beginning alone, by a vote. Scores "
        "travel further with every step: spread them, and choose once, at the end.",
    ),
    Mistake(
        "kept_once_found",
        _kept_once_found,
        "A node keeps the first label that it gets. Only those known from the beginning are put "
        "back; all others go on taking means, and are decided at the end.",
    ),
    Mistake(
        "one_node_after_another",
        _one_node_after_another,
        "Some of your nodes hear the new scores of others within the same step. All listen at "
        "once, to the old ones: scores = share @ scores.",
    ),
    Mistake(
        "numbers_averaged",
        _numbers_averaged,
        "You average the labels as numbers. They are names: between a 3 and a 7 there is no 5. "
        "Give each label a column of scores, one-hot.",
    ),
    Mistake(
        "unknown_averaged",
        _unknown_averaged,
        "You average the labels as numbers, and -1 with them. They are names: give each label a "
        "column of scores, one-hot, and zeros to the unknown nodes.",
    ),
    Mistake(
        "positions",
        _positions,
        "You return places in a list of the labels. Return the labels: column c of the scores "
        "belongs to label c, also where some label is known of nobody.",
    ),
    Mistake(
        "first_kind_for_what_was_not_reached",
        lambda a, labels, steps: np.where(
            _scores(a, labels, steps).any(axis=1),
            label_propagation(a, labels, steps),
            labels[labels >= 0].min(),
        ),
        "A node that nothing has reached takes the smallest known label with you. It takes 0: give "
        "each number from 0 to labels.max() a column of scores.",
    ),
    Mistake(
        "as_many_as_kinds",
        _as_many_as_kinds,
        "Your scores have a column for each label that occurs. Labels may leave numbers out: take "
        "labels.max() + 1 columns.",
    ),
    Mistake(
        "ten_columns",
        _ten_columns,
        "You give the scores ten columns, and labels may be larger than 9. Take labels.max() + 1.",
    ),
    Mistake(
        "labels_from_one",
        (ANSWER, "answers = scores.argmax(axis=1) + 1"),
        "Your labels are one too large. Column c belongs to label c, counted from 0.",
    ),
    Mistake(
        "scores",
        (ANSWER, "answers = scores"),
        "You return the scores. Return the label with the largest score of each row: argmax with "
        "axis=1.",
    ),
    Mistake(
        "largest_score",
        (ANSWER, "answers = scores.max(axis=1)"),
        "You return how large the largest score is. Return where it stands: argmax, not max.",
    ),
    Mistake(
        "of_the_columns",
        (ANSWER, "answers = scores.argmax(axis=0)"),
        "You ask for each label which node has most of it. Ask for each node which label it has "
        "most of: argmax with axis=1.",
    ),
    Mistake(
        "unknown_alone",
        (ANSWER, "answers = scores.argmax(axis=1)[~known]"),
        "You return the labels of the unknown nodes alone. Return one for every node.",
    ),
    Mistake(
        "least",
        (ANSWER, "answers = scores.argmin(axis=1)"),
        "You take the label with the smallest score. Take the largest: argmax.",
    ),
]


def _rows(a: Any) -> Any:
    return a / a.sum(axis=1, keepdims=True)


def _spread_along(share: Any, labels: Any, steps: int) -> Any:
    """Spread labels along any matrix."""
    known = labels >= 0
    start = np.zeros((len(share), labels.max() + 1))
    start[known, labels[known]] = 1
    scores = start.copy()
    for _ in range(steps):
        scores = share @ scores
        scores[known] = start[known]
    return scores.argmax(axis=1)


# gcn_forward


def gcn_forward(a: Ints, x: Floats, w1: Floats, w2: Floats) -> Floats:
    """Run two graph convolutions, the first with ReLU."""
    P = normalised_adjacency(a)
    hidden = np.maximum(P @ x @ w1, 0)
    out: Floats = P @ hidden @ w2
    return out


def gcn_cases(rng: Rng) -> list[Case]:
    """Take the path of the lesson, names for features, a node alone, whole numbers, decimals."""
    ends, w = np.array([[1.0, 0], [0, 0], [0, 1]]), np.array([[1.0, -1], [2, 0]])
    turned = np.array([[2.0, 1], [-1, 3]])
    fixed = always()
    six, w1, w2 = decimals(fixed, 6, 2), decimals(fixed, 2, 4), decimals(fixed, 4, 3)

    def drawn(a: Ints, w1: Floats, w2: Floats) -> Case:
        a, x = _renamed(rng, a, six * decimals(rng, 1)[0])
        units = rng.permutation(w1.shape[1])
        about = "six nodes and the hidden units, numbered at random"
        return Case((a, x, w1[:, units], w2[units]), about)

    return [
        Case((PATH, ends, w, np.eye(2)), "the path of the lesson; the last weights are I"),
        Case((PATH, ends, w, turned), "the path of the lesson"),
        Case((PATH, np.eye(3), np.array([[1.0], [-2], [3]]), np.array([[2.0, -1]])), "x is I"),
        Case((ALONE, np.array([[1.0], [-2], [3], [-4]]), np.array([[1.0, -1]]),
              np.array([[1.0], [2]])), "node 2 has no neighbour"),
        Case((STAR, np.array([[2], [0], [-3], [1]]), np.array([[1, -2, 1]]),
              np.array([[1], [1], [-3]])), "a star, whole numbers"),
        Case((KITE.astype(float), six[1:], w1, w2), "a triangle with a tail"),
        Case((FAN, six, w1, w2), "six nodes"),
        drawn(SPIDER, w1, w2),
        drawn(FAN, w1[:, :3], w2[1:, :2]),
    ]  # fmt: skip


HIDDEN = "hidden = np.maximum(P @ x @ w1, 0)"
LAST = "out: Floats = P @ hidden @ w2"

GCN_MISTAKES = [
    Mistake(
        "no_relu",
        (HIDDEN, "hidden = P @ x @ w1"),
        "The ReLU is missing: negative hidden numbers become 0, np.maximum(..., 0).",
    ),
    Mistake(
        "relu_at_the_end",
        (LAST, "out = np.maximum(P @ hidden @ w2, 0)"),
        "You apply ReLU to the output, too. The second layer has none, so that outputs may be "
        "negative.",
    ),
    Mistake(
        "relu_at_the_end_alone",
        ((HIDDEN, "hidden = P @ x @ w1"), (LAST, "out = np.maximum(P @ hidden @ w2, 0)")),
        "Your ReLU stands at the end. It belongs between the layers: the hidden numbers, not the "
        "outputs.",
    ),
    Mistake(
        "relu_before_the_weights",
        (HIDDEN, "hidden = np.maximum(P @ x, 0) @ w1"),
        "You apply ReLU before the weights. First mix and multiply, P @ x @ w1; then ReLU.",
    ),
    Mistake(
        "relu_before_the_mean",
        (HIDDEN, "hidden = P @ np.maximum(x @ w1, 0)"),
        "You apply ReLU before the neighbours are heard. First mix, P @ x @ w1; then ReLU.",
    ),
    Mistake(
        "relu_before_the_last_mean",
        (LAST, "out = P @ np.maximum(hidden @ w2, 0)"),
        "You apply ReLU in the second layer, too, before it mixes. It has none.",
    ),
    Mistake(
        "mixed_once",
        (LAST, "out = hidden @ w2"),
        "Your second layer does not listen to the neighbours. It mixes, too: P @ hidden @ w2.",
    ),
    Mistake(
        "mixed_at_the_end_alone",
        (HIDDEN, "hidden = np.maximum(x @ w1, 0)"),
        "Your first layer does not listen to the neighbours. It mixes, too: P @ x @ w1.",
    ),
    Mistake(
        "never_mixed",
        ((HIDDEN, "hidden = np.maximum(x @ w1, 0)"), (LAST, "out = hidden @ w2")),
        "No node listens to its neighbours. Both layers mix: P @ x @ w1, then P @ hidden @ w2.",
    ),
    Mistake(
        "sums",
        (PASSED, "P = a"),
        "You multiply by A: that is the sum over the neighbours, and a node forgets itself. "
        "Multiply by P = normalised_adjacency(a).",
    ),
    Mistake(
        "sums_with_loops",
        (PASSED, "P = a + np.eye(len(a))"),
        "You multiply by A + I, which is not divided by anything. Multiply by P = "
        "normalised_adjacency(a).",
    ),
    Mistake(
        "means",
        (PASSED, "P = _means_of_rows(a)"),
        "You take means of rows. Here the rule with both square roots is meant: P = "
        "normalised_adjacency(a).",
    ),
    Mistake(
        "no_loops",
        _quiet(lambda a, x, w1, w2: _two_layers(_by_degrees(a, loops=False), x, w1, w2)),
        "The self-loops are missing. Multiply by P = normalised_adjacency(a), which has them.",
    ),
    Mistake(
        "loops_twice",
        (PASSED, "P = normalised_adjacency(a + np.eye(len(a)))"),
        "You add self-loops before normalised_adjacency adds them once more. Give it `a` as it is.",
    ),
    Mistake(
        "normalised_twice",
        (LAST, "out = normalised_adjacency(P) @ hidden @ w2"),
        "Your second layer normalises P once more. Both layers multiply by the same P.",
    ),
    Mistake(
        "tanh",
        (HIDDEN, "hidden = np.tanh(P @ x @ w1)"),
        "You apply tanh. Here the activation is ReLU: np.maximum(..., 0).",
    ),
    Mistake(
        "sigmoid",
        (HIDDEN, "hidden = 1 / (1 + np.exp(-(P @ x @ w1)))"),
        "You apply a sigmoid. Here the activation is ReLU: np.maximum(..., 0).",
    ),
    Mistake(
        "steps",
        (HIDDEN, "hidden = 1.0 * (P @ x @ w1 > 0)"),
        "You keep only whether a number is positive. ReLU keeps the number itself: "
        "np.maximum(..., 0).",
    ),
    Mistake(
        "leaky",
        (HIDDEN, "hidden = P @ x @ w1\n    hidden = np.where(hidden > 0, hidden, 0.01 * hidden)"),
        "You keep a hundredth of the negative numbers. ReLU makes 0 of them: np.maximum(..., 0).",
    ),
    Mistake(
        "weights_transposed",
        ((HIDDEN, HIDDEN.replace("w1", "w1.T")), (LAST, LAST.replace("w2", "w2.T"))),
        "You transpose the weights. They have a row for each number that comes in: P @ x @ w1, as "
        "they are.",
    ),
    Mistake(
        "normalised_by_itself",
        (LAST, "out = normalised_adjacency(a) @ P @ hidden @ w2"),
        "Your second layer mixes twice. Each layer mixes once: P @ hidden @ w2.",
    ),
    Mistake(
        "absolute",
        (HIDDEN, "hidden = np.abs(P @ x @ w1)"),
        "You take absolute values. ReLU makes 0 of negative numbers: np.maximum(..., 0).",
    ),
    Mistake(
        "negative_kept",
        (HIDDEN, "hidden = np.minimum(P @ x @ w1, 0)"),
        "You keep the negative numbers. ReLU keeps the positive ones: np.maximum, not np.minimum.",
    ),
    Mistake(
        "largest_number",
        (HIDDEN, "hidden = np.maximum(P @ x @ w1, (P @ x @ w1).mean())"),
        "ReLU compares with 0: np.maximum(..., 0).",
    ),
    Mistake(
        "probabilities",
        (
            LAST,
            "out = P @ hidden @ w2\n"
            "    out = np.exp(out - out.max(axis=1, keepdims=True))\n"
            "    out = out / out.sum(axis=1, keepdims=True)",
        ),
        "You take a softmax at the end. Return the numbers before it: P @ hidden @ w2.",
    ),
    Mistake(
        "labels",
        (LAST, "out = (P @ hidden @ w2).argmax(axis=1)"),
        "You return the largest output's place. Return the outputs of all nodes.",
    ),
    Mistake(
        "hidden",
        (LAST, "out = hidden"),
        "You return the hidden numbers. The second layer is missing: P @ hidden @ w2.",
    ),
    Mistake(
        "transposed",
        (LAST, "out = (P @ hidden @ w2).T"),
        "Your nodes stand in the columns. Each node is a row, as in `x`.",
    ),
    Mistake(
        "both_at_the_beginning",
        ((HIDDEN, "hidden = np.maximum(P @ P @ x @ w1, 0)"), (LAST, "out = hidden @ w2")),
        "You mix twice at the beginning. Each layer mixes once: P @ x @ w1 before the ReLU, "
        "P @ hidden @ w2 behind it.",
    ),
]


def _two_layers(matrix: Any, x: Any, w1: Any, w2: Any) -> Any:
    return matrix @ np.maximum(matrix @ x @ w1, 0) @ w2


# read_neighbours: an open task

IMAGES, EACH = 1000, 5
HARD = 0.87  # more than that the nearest image with a label must not get right


def nearest(images: Floats, labels: Ints) -> Ints:
    """Answer with the label of the nearest image that has one."""
    known = np.flatnonzero(labels >= 0)
    products = images @ images[known].T
    apart = (images[known] ** 2).sum(axis=1) - 2 * products  # what all share is left out
    answers: Ints = labels[known[apart.argmin(axis=1)]]
    return answers


def read_neighbours(images: Floats, labels: Ints) -> Ints:
    """Join each image to the five nearest ones, and let the labels spread."""
    a = np.zeros((len(images), len(images)), dtype=int)
    for i in range(len(images)):
        squares = ((images - images[i]) ** 2).sum(axis=1)
        near = squares.argsort()[1:6]  # the first one is the image itself
        a[i, near] = a[near, i] = 1
    return label_propagation(a, labels, 50)


def unread(images: Floats, labels: Ints) -> Ints:
    """Keep the labels that are known, and say 0 for all others."""
    return np.maximum(labels, 0)


def digit_cases(rng: Rng) -> list[Case]:
    """Draw twice: 1,000 digits of which five of each digit have a label."""
    data = datasets.digits()
    cases: list[Case] = []
    while len(cases) < 2:
        drawn = rng.permutation(len(data.x))[:IMAGES]
        images, truth = data.x[drawn].reshape(IMAGES, -1), data.y[drawn]
        labels = np.full(IMAGES, -1)
        for digit in range(10):
            labels[rng.permutation(np.flatnonzero(truth == digit))[:EACH]] = digit
        if accuracy(nearest(images, labels), truth) <= HARD:
            about = f"{IMAGES:,} images, {10 * EACH} of them with a label"
            cases.append(Case((images, labels), about, hidden=truth))
    return cases


def digit_slip(value: Any, case: Case) -> str:
    """Say what is wrong with answers that are no digits, or that nothing was spread for."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        return ""
    _, labels = case.arguments
    count = int(np.sum(labels < 0))
    if value.shape == (count,):
        return (
            f"You return {count} labels, those of the unknown images alone. Return one for every "
            "image, in their order, those that were known included."
        )
    if value.shape == (len(labels), 10):
        return "You return scores. Return the digit with the largest score: argmax(axis=1)."
    if value.shape == (len(labels), len(labels)):
        return "You return the graph. Let the labels spread along it, and return them."
    if value.shape != labels.shape:
        return ""
    if not np.isin(value, np.arange(-1, 10)).all():
        other = value[~np.isin(value, np.arange(-1, 10))][0]
        return (
            f"You return numbers such as {other:.3g}. Return a digit, 0 to 9, for every image. If "
            "these are numbers of images, take the label at each of them."
        )
    if (value < 0).any():
        return (
            f"You answer -1 for {int(np.sum(value < 0))} images. Every image gets a digit; if "
            "nothing has reached some, take more steps or more neighbours."
        )
    if (value[labels < 0] == 0).all():
        return (
            "You answer 0 for every image without a label: nothing has spread. Has your graph any "
            "edges? Print a.sum()."
        )
    return ""


CHECKS = (
    Check(grid_graph, 1, grid_cases, GRID_MISTAKES, ("adjacency",), accepts=is_grid),
    Check(normalised_adjacency, 2, normalised_cases, NORMALISED_MISTAKES, ("p",)),
    Check(message_passing, 1, message_cases, MESSAGE_MISTAKES, ("features",)),
    Check(label_propagation, 2, label_cases, LABEL_MISTAKES, ("labels",)),
    Check(gcn_forward, 2, gcn_cases, GCN_MISTAKES, ("outputs",)),
    Check(
        read_neighbours,
        2,
        digit_cases,
        (),
        ("labels",),
        seconds=20.0,
        goal=Goal(
            accuracy,
            bars=(0.5, 0.75, 0.89),
            advice=(
                "That is little. Join each image to the few that are nearest to it: subtract it "
                "from all, square, sum over the 64 pixels, argsort. The nearest of all is the "
                "image itself; leave it out. Then let the labels spread.",
                "Something is found. Does your graph join like with like? Look at the images that "
                "one is joined to. A dot product likes bright images best: take distances. And "
                "make the matrix symmetric, for whoever is chosen listens, too.",
                "About as good as the nearest image with a label. The other 950 help: labels that "
                "go from image to image reach further. A few neighbours each are enough, about "
                "five, in a symmetric matrix; and take steps enough, about fifty.",
            ),
            untrained=unread,
            slip=digit_slip,
        ),
    ),
)
