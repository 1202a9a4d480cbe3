"""The cookies as the browser keeps them: few, out of reach of scripts, for one host alone."""

from __future__ import annotations

from walking.walk import Walk


def test_only_necessary_cookies(make_town, window):
    town = make_town("plain")
    page, _ = window(town)
    kept = {}
    for _ in Walk(page, town, "mors").whole_way():
        kept |= {one["name"]: one for one in page.context.cookies()}
    assert set(kept) == {"selvbetjening-form", "selvbetjening-login-0773", "selvbetjening-0773"}
    for name, cookie in kept.items():
        assert cookie["httpOnly"], name
        assert cookie["sameSite"] == "Lax", name
        # Gone with the browser, and never sent to a neighbour.
        assert cookie["expires"] == -1, name
        assert cookie["domain"] == "mors.localhost", name
    assert {one["name"] for one in page.context.cookies()} <= {"selvbetjening-form"}
