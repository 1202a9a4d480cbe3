"""axe-core: WCAG 2.2 A and AA, and what it calls best practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """async (rules) => {
    const result = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return result.violations.flatMap((violation) => violation.nodes.map((node) =>
        `${violation.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)}`));
}"""


def axe_findings(page: Page, source: str) -> list[str]:
    """What axe finds on the page as it is now.

    :param source: axe-core's own script. It is evaluated by the debugger: the
        page's policy would refuse it as a script, as it should.
    """
    page.evaluate(source)
    found: list[str] = page.evaluate(_RUN, list(RULES))
    return [f"axe: {one}" for one in found]
