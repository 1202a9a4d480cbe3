"""The accessibility statement: its short address, and the links at the foot of each page."""

from __future__ import annotations

import pytest

STATEMENTS = {
    "mors": "https://was.digst.dk/mors-example",
    "aarhus": "https://was.digst.dk/aarhus-example",
}


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(("name", "statement"), STATEMENTS.items())
def test_was_leads_to_the_statement(town, name, statement, language):
    browser = town.browser(name)
    assert browser.app.get(f"{language}/was", status=303).location == statement
    browser.app.extra_environ["HTTP_HOST"] = f"localhost:{town.port}"
    assert browser.app.get(f"/{name}{language}/was", status=303).location == statement


def test_was_without_a_municipality_is_a_clear_page(town):
    browser = town.browser()
    for host in (f"localhost:{town.port}", "fremmed.example"):
        browser.app.extra_environ["HTTP_HOST"] = host
        assert "Vi kan ikke finde siden" in browser.app.get("/was", status=404)
        assert "We cannot find the page" in browser.app.get("/en/was", status=404)


def test_was_is_no_solution_and_takes_no_form(town):
    browser = town.browser()
    browser.app.get("/was/trin/person", status=403)  # denied before it is looked for
    browser.app.post("/was", {}, status=404)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/", ("Tilgængelighedserklæring", "Privatlivspolitik (cookies)")),
        ("/en/", ("Accessibility statement", "Privacy policy (cookies)")),
    ],
)
def test_the_links_at_the_foot(town, path, names):
    footer = town.browser().get(path).html.footer
    links = {one.get_text(strip=True): one["href"] for one in footer.find_all("a")}
    assert links[names[0]] == STATEMENTS["mors"]
    assert links[names[1]] == "https://mors.example/privatliv"
