"""Style sheets and pictures: kept by browsers for good, and never a mix of old and new."""

from __future__ import annotations

import re

import pytest

LOGO = "logos/0773.svg"


def sheets(browser, path="/"):
    links = browser.get(path).html.find_all("link", rel=["stylesheet", "icon"])
    return [one["href"] for one in links]


def kept(browser, url):
    return browser.app.get(url, status=200).headers["Cache-Control"]


@pytest.mark.parametrize("name", ["mors", "aarhus"])
def test_every_file_of_a_page_is_kept_for_good(town, name):
    browser = town.browser(name)
    urls = sheets(browser)
    assert len(urls) >= 3
    for url in urls:
        assert re.search(r"\?v=[0-9a-f]{12}$", url), url
        assert kept(browser, url) == "max-age=31536000, immutable"
    icons = {use["href"] for use in browser.page.html.find_all("use")}
    assert icons
    assert all("?v=" in one.partition("#")[0] for one in icons)


def test_what_has_no_version_or_another_is_not_kept_for_good(town):
    browser = town.browser()
    url = sheets(browser)[0]
    address = url.partition("?")[0]
    assert kept(browser, address) == "max-age=3600"
    assert kept(browser, f"{address}?v=000000000000") == "no-cache"
    assert kept(browser, f"{address}?v=") == "no-cache"
    browser.app.get("/-/static/no-such.css?v=0", status=404)


def test_another_colour_has_another_address(town, installation, make_town):
    before = sheets(town.browser())
    file = installation / "municipalities" / "0773.toml"
    file.write_text(file.read_text("utf-8").replace("#0b5a63", "#5a0b63"), "utf-8")
    browser = make_town().browser()
    changed = set(sheets(browser)) - set(before)
    assert [one.partition("?")[0] for one in changed] == ["/-/static/look.css"]
    assert "#5a0b63" in browser.app.get(changed.pop(), status=200)


def test_another_logo_has_another_address(town, installation, make_town):
    before, _ = logo_of(town.browser())
    file = installation / LOGO
    text = file.read_text("utf-8")
    file.write_text(text.replace("</svg>", "<title>new</title></svg>"), "utf-8")
    browser = make_town().browser()
    after, picture = logo_of(browser)
    assert after != before
    assert b"<title>new</title>" in picture.body
    browser.app.get(f"/-/static/{before}", status=404)


def logo_of(browser):
    """Name and answer of the logo that the municipality's style sheet refers to."""
    (css,) = (one for one in sheets(browser) if "look.css" in one)
    (name,) = re.findall(r'url\("(logo-[^"]+)"\)', browser.app.get(css).text)
    return name, browser.app.get(f"/-/static/{name}", status=200)


def test_a_picture_that_is_opened_by_itself_runs_nothing(town):
    _, picture = logo_of(town.browser())
    assert picture.content_type == "image/svg+xml"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]


def test_a_municipality_has_its_own_files_alone(town):
    mors, aarhus = town.browser(), town.browser("aarhus")
    name, _ = logo_of(mors)
    aarhus.app.get(f"/-/static/{name}", status=404)
    (css,) = (one for one in sheets(mors) if "look.css" in one)
    answer = aarhus.app.get(css, status="*")
    assert answer.status_int == 404 or answer.headers["Cache-Control"] == "no-cache"


def test_under_a_prefix(town):
    browser = town.browser()
    browser.app.extra_environ["HTTP_HOST"] = browser.host = f"localhost:{town.port}"
    for url in sheets(browser, "/mors/en/"):
        assert url.startswith("/mors/-/static/")
        assert kept(browser, url) == "max-age=31536000, immutable"
