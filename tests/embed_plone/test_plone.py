"""selvbetjening in a real Plone site: the whole journey, and a step in a page of Plone's."""

from __future__ import annotations


def test_the_whole_journey_inside_plone(plone, make_installation, browser, monkeypatch):
    import plone_site.views  # noqa: PLC0415 - Zope first

    monkeypatch.setenv("SELVBETJENING", str(make_installation("/plone/selvbetjening")))
    plone_site.views.mounted.cache_clear()
    receipt = browser.order(f"{plone}/selvbetjening/sundhedskort")
    assert "Morsø Kommune" in receipt
    browser.until("Kommet frem")
    assert browser.url.startswith(f"{plone}/selvbetjening/kvittering/")
    assert {path for name, path in browser.names().items() if name.startswith("selvb")} == {"/"}
    document = browser.page.select_one('a[href$="/dokument"]')["href"]
    browser.open(f"http://{plone.split('/')[2]}{document}")
    assert "Kvittering" in browser.text
    plone_site.views.mounted().close()


def test_one_step_in_a_page_of_plones(plone, browser):
    page = browser.open(f"{plone}/@@affald")
    assert "Hvor står beholderen?" in browser.text
    assert page.select_one("#portal-footer, #portal-footer-wrapper")
    browser.open(browser.url, {"bin_address": '"><script>alert(7)</script>'})
    (alert,) = browser.page.select(".selvbetjening-fragment [role=alert]")
    assert "Vælg, hvad der er galt" in alert.get_text()
    assert "<script>alert(7)" not in browser.text
    browser.open(browser.url, {"bin_address": "Vej 1", "problem": "gone"})
    assert browser.text == "Tak! gone"
