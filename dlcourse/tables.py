"""A small table that reads well as text and, in a notebook, as HTML."""

from collections.abc import Iterable, Sequence
from html import escape


class Table:
    """Rows under named columns; numbers to the right, text to the left.

    Parameters
    ----------
    columns : sequence of str
        One heading per column.
    rows : iterable of sequences
        One value per column. Format floats before they come here: a table prints
        what it is given.
    caption : str, optional
        One sentence above the table.

    Raises
    ------
    ValueError
        If a row is not as long as `columns`.

    Examples
    --------
    >>> Table(["gate", "mistakes"], [["AND", 18], ["OR", 9]])
    gate  mistakes
    ----  --------
    AND         18
    OR           9
    """

    def __init__(
        self, columns: Sequence[str], rows: Iterable[Sequence[object]], caption: str = ""
    ) -> None:
        self.columns = list(columns)
        self.rows = [list(row) for row in rows]
        self.caption = caption
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row must have {len(self.columns)} values, got {row}")

    def _is_number(self, column: int) -> bool:
        return bool(self.rows) and all(_looks_numeric(row[column]) for row in self.rows)

    def __repr__(self) -> str:
        cells = [self.columns, *([str(value) for value in row] for row in self.rows)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.columns))]
        right = [self._is_number(i) for i in range(len(self.columns))]

        def line(row: Sequence[str]) -> str:
            padded = (
                text.rjust(width) if number else text.ljust(width)
                for text, width, number in zip(row, widths, right, strict=True)
            )
            return "  ".join(padded).rstrip()

        rule = "  ".join("-" * width for width in widths)
        caption = [self.caption] if self.caption else []
        return "\n".join([*caption, line(cells[0]), rule, *map(line, cells[1:])])

    def _repr_html_(self) -> str:
        aligns = ["right" if self._is_number(i) else "left" for i in range(len(self.columns))]

        def row_html(tag: str, row: Sequence[object]) -> str:
            return "".join(
                f'<{tag} style="text-align:{align}">{escape(str(value))}</{tag}>'
                for value, align in zip(row, aligns, strict=True)
            )

        head = f"<thead><tr>{row_html('th', self.columns)}</tr></thead>"
        body = "".join(f"<tr>{row_html('td', row)}</tr>" for row in self.rows)
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def points(number: float) -> str:
    """Write points without needless decimals.

    >>> points(2.0), points(1.5), points(1.29)
    ('2', '1.5', '1.29')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _looks_numeric(value: object) -> bool:
    try:
        float(str(value).replace(",", "").rstrip("%x "))
    except ValueError:
        return False
    return True
