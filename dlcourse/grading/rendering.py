"""HTML from the templates in ``templates/``; whatever is put into one is escaped."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render(template: str, **values: object) -> str:
    """Return the text of a template.

    Parameters
    ----------
    template : str
        The name of a file in ``templates/``.
    **values
        What its names stand for. A name that the template uses and nobody gave is an error.

    Examples
    --------
    >>> from dlcourse.grading.card import Card
    >>> "&lt;b&gt;" in render("card.html", card=Card("passed", "<b>"), mark="", colour="")
    True
    """
    return _environment().get_template(template).render(values)


def environment(package: str) -> "Environment":
    """Return what fills the templates of a package; a name that nobody gave is an error."""
    # Here, so that a plain `check` outside of a notebook does not pay for it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from dlcourse.tables import points

    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["points"] = points
    return made


@cache
def _environment() -> "Environment":
    own = environment("dlcourse.grading")
    own.filters["breakable"] = _breakable
    own.filters["spaced"] = lambda name: name.replace("_", " ")
    return own


def _breakable(name: str) -> "Markup":
    """Return a name that may go on in the next line after an underscore."""
    from markupsafe import Markup

    return Markup("_<wbr>").join(name.split("_"))
