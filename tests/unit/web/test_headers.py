"""The headers of one answer, and the policy of one page."""

from __future__ import annotations

from pyramid.response import Response

from selvbetjening_core.web.headers import PageOrigins, bare_policy, make_safe, page_policy

HSTS = "Strict-Transport-Security"


def test_what_an_answer_says_already_is_replaced():
    response = Response()
    response.headers["Content-Security-Policy"] = "default-src *"
    response.headers["Referrer-Policy"] = "unsafe-url"
    make_safe(response, bare_policy(), hsts=False)
    assert response.headers.getall("Content-Security-Policy") == [bare_policy()]
    assert response.headers.getall("Referrer-Policy") == ["same-origin"]
    assert HSTS not in response.headers


def test_https_for_good_and_for_hosts_below_only_where_that_is_said():
    response = Response()
    make_safe(response, bare_policy(), hsts=True)
    assert response.headers[HSTS] == "max-age=63072000"
    make_safe(response, bare_policy(), hsts=True, subdomains=True)
    assert response.headers[HSTS] == "max-age=63072000; includeSubDomains"


def test_a_page_says_what_it_needs_and_nothing_else():
    origins = PageOrigins(forms=("https://pay.example",), ancestors=("https://www.mors.example",))
    policy = page_policy("word", origins).split("; ")
    assert "script-src 'nonce-word'" in policy
    assert "form-action 'self' https://pay.example" in policy
    assert "frame-ancestors https://www.mors.example" in policy
    assert "img-src 'self'" in policy
    assert "frame-ancestors 'none'" in page_policy("word")
