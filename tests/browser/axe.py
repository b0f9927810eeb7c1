"""What axe-core finds on a page that keeps somebody out: serious and critical faults."""

from axe_playwright_python.sync_playwright import Axe

GRAVE = ("serious", "critical")
MARK = "data-axe"


def faults(page, part=None) -> list[str]:
    """Return the faults of a page, or of a part of it, a line each.

    Parameters
    ----------
    page : playwright Page
    part : playwright Locator, optional
        The element that is looked at; the rest of the page is not.
    """
    if part is not None:
        part.evaluate(f"(e) => e.setAttribute('{MARK}', '')")
    found = Axe().run(page, context=None if part is None else f"[{MARK}]").response["violations"]
    if part is not None:
        part.evaluate(f"(e) => e.removeAttribute('{MARK}')")
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:160]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
