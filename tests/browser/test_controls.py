"""Each check can fail: a fault planted in a good page turns it red, and nothing else does."""

from __future__ import annotations

import pytest

from walking.examine import Examiner, Figures
from walking.extent import PHONE
from walking.focus import order_findings, stop_here, unseen_focus
from walking.keys import Keyboard
from walking.walk import SOLUTION, Walk

# A style sheet made by a script is not held up by the page's policy.
ADD_CSS = """(css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
}"""

FAULTS_OF_STYLE = {
    "color-contrast": "main p { color: #ccc }",
    "the page is": "main h1 { width: 50rem }",
    "beyond the edge": "html { overflow-x: hidden } main h1 { white-space: nowrap; width: 50rem }",
    "cut off": "main p { max-height: 1em; overflow: hidden }",
    "hard to hit": "main form button { padding: 0 !important; font-size: 10px !important }",
}
FAULTS_OF_MARKUP = {
    "label": "document.querySelector('main').append(document.createElement('textarea'))",
    "heading-order": "document.querySelector('main h2').outerHTML = '<h5>Et trin for langt</h5>'",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
    "blocked by the page's policy": "document.body.setAttribute('style', 'margin: 1px')",
    "the browser complains": "console.error('something is wrong')",
    "request to another host": "location.href = 'http://elsewhere.localhost:9/'",
}


@pytest.fixture
def at_introduction(make_town, window, axe_source):
    """A good page, with whoever looks at it: nothing is found there."""
    town = make_town("plain")
    page, watch = window(town, PHONE)
    Walk(page, town, "mors").open(f"/{SOLUTION}")
    examiner = Examiner(axe_source, watch, Figures())
    examiner.look_at(page, "as it is")
    examiner.expect_nothing()
    return page, examiner


@pytest.mark.parametrize(("said", "css"), FAULTS_OF_STYLE.items(), ids=FAULTS_OF_STYLE)
def test_a_fault_of_style_is_found(at_introduction, said, css):
    page, examiner = at_introduction
    page.evaluate(ADD_CSS, css)
    examiner.look_at(page, "planted")
    with pytest.raises(AssertionError, match=said):
        examiner.expect_nothing()


@pytest.mark.parametrize(("said", "script"), FAULTS_OF_MARKUP.items(), ids=FAULTS_OF_MARKUP)
def test_a_fault_of_markup_is_found(at_introduction, said, script):
    page, examiner = at_introduction
    page.evaluate(script)
    page.wait_for_timeout(100)
    if "http" not in script:
        examiner.look_at(page, "planted")
    with pytest.raises(AssertionError, match=said):
        examiner.expect_nothing()


def test_an_error_in_a_script_is_found(at_introduction):
    page, examiner = at_introduction
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(100)
    with pytest.raises(AssertionError, match="broken"):
        examiner.expect_nothing()


def test_a_focus_that_is_not_seen_is_found(at_introduction):
    page, _ = at_introduction
    # The first stop is the skip link, which nobody can overlook: it appears.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert unseen_focus(page, stop_here(page)) == ""
    page.evaluate(ADD_CSS, "* { outline: none !important; box-shadow: none !important }")
    assert "the focus changes" in unseen_focus(page, stop_here(page))


def test_a_focus_that_jumps_is_found(at_introduction):
    page, _ = at_introduction
    keys = Keyboard(page)
    stops = keys.look_through("as it is")
    assert keys.found == []
    assert "jumps up" in next(order_findings(stops[:0:-1]))
    page.evaluate(ADD_CSS, "body { flex-direction: column-reverse }")
    keys.look_through("planted")
    assert any("jumps up" in one for one in keys.found)


def test_a_skip_link_that_leads_nowhere_is_found(at_introduction):
    page, _ = at_introduction
    page.evaluate("document.querySelector('main').removeAttribute('id')")
    with pytest.raises(AssertionError, match="leads to"):
        Keyboard(page).skip()
