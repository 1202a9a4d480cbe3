"""The names of cookies, and what a browser is told to do with them."""

from __future__ import annotations

import pytest
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.web.cookies import cookie_name, read_token, remove_token, set_token

TOKEN = "t" * 43


def at(url, mount="", **cookies):
    request = Request.blank("/", base_url=url, cookies=cookies)
    request.mount = mount
    return request


@pytest.mark.parametrize(
    "url",
    [
        "https://mors.localhost",
        "https://selvbetjening.mors.example",
        "http://selvbetjening.mors.example",
        "http://localhost.mors.example",
        "http://127.0.0.1.mors.example",
        "http://192.0.2.1",
    ],
)
def test_a_cookie_is_for_this_host_over_https(url):
    """Also where it seems to be plain http: a browser without https does not keep it."""
    request, response = at(url), Response()
    assert cookie_name(request, "0773") == "__Host-selvbetjening-0773"
    set_token(request, response, cookie_name(request, "0773"), TOKEN)
    (sent,) = response.headers.getall("Set-Cookie")
    parts = {one.strip().lower() for one in sent.split(";")[1:]}
    assert parts == {"path=/", "secure", "httponly", "samesite=lax"}


@pytest.mark.parametrize(
    "url",
    ["http://mors.localhost:8080", "http://localhost", "http://127.0.0.1:1", "http://127.9.9.9"],
)
def test_over_plain_http_on_this_machine_it_has_another_name(url):
    request, response = at(url), Response()
    assert cookie_name(request, "0773") == "selvbetjening-0773"
    set_token(request, response, "selvbetjening-0773", TOKEN)
    (sent,) = response.headers.getall("Set-Cookie")
    parts = {one.strip().lower() for one in sent.split(";")[1:]}
    assert parts == {"path=/", "httponly", "samesite=lax"}


def test_every_mount_has_names_of_its_own():
    names = {cookie_name(at("https://a.example", mount), "0773") for mount in ("", "/a", "/a/b")}
    assert len(names) == 3
    assert all(name.startswith("__Host-selvbetjening-0773") for name in names)


def test_what_is_removed_is_told_with_every_attribute():
    """A browser ignores a ``__Host-`` name without them, so the cookie would stay."""
    name = "__Host-selvbetjening-0773"
    response = Response()
    remove_token(at("https://a.example", **{name: TOKEN}), response, name)
    (sent,) = response.headers.getall("Set-Cookie")
    parts = {one.strip().lower() for one in sent.split(";")[1:]}
    assert {"max-age=0", "path=/", "secure", "httponly", "samesite=lax"} <= parts


def test_what_is_not_there_is_not_removed():
    response = Response()
    remove_token(at("https://a.example"), response, "__Host-selvbetjening-0773")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("value", ["", "x", "t" * 42, "t" * 44, "t" * 42 + "=", "t" * 42 + "."])
def test_what_we_cannot_have_made_is_no_token(value):
    request = at("https://a.example")
    request.cookies["c"] = value
    assert read_token(request, "c") == ""


def test_what_we_can_have_made_is_one():
    """Control of the test above."""
    request = at("https://a.example")
    request.cookies["c"] = TOKEN
    assert read_token(request, "c") == TOKEN
