from __future__ import annotations

import datetime
import json
import re
import socket
from urllib.parse import parse_qs, urlsplit

import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IIdentity
from selvbetjening_core.values import (
    AssuranceLevel,
    Claims,
    LoginRequest,
    LogoutRequest,
    Message,
    Refusal,
)
from selvbetjening_demo.identity import DemoIdentity
from selvbetjening_demo.people import load_citizens
from selvbetjening_demo.provider.server import ProviderServer
from selvbetjening_demo.signing import CLAIMS, LOGIN_REQUEST, seal, unseal

RETURN_URL = "http://mors.localhost:6543/login/return?component=demo"
KIRSTEN = "2911829996"
REQUEST = LoginRequest("request-1", "https://mors", RETURN_URL, AssuranceLevel.SUBSTANTIAL, "da")


@pytest.fixture
def identity(make_context, provider):
    return DemoIdentity(make_context(provider=provider.url, secret=provider.secret, timeout=5))


@pytest.fixture
def log_in(provider, visit, identity):
    def choose(request=REQUEST, **form):
        word = parse_qs(urlsplit(identity.begin(request).url).query)["request"][0]
        page = visit(f"{provider.url}/login", {"request": word, **form})
        assert page.status == 303
        return page.location

    return choose


def returned(location):
    query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    now = datetime.datetime.now(datetime.UTC)
    return Message(RETURN_URL.partition("?")[0], "GET", query, {}, b"", now)


def test_it_keeps_its_contract(identity):
    assert verifyObject(IIdentity, identity)


def test_a_login_comes_back_as_it_was_asked_for(identity, log_in):
    claims = identity.complete(returned(log_in(person="kirsten", level="high")))
    assert isinstance(claims, Claims)
    assert claims.issuer == identity.issuer == "demo-idp"
    assert claims.algorithm in identity.algorithms
    assert (claims.audience, claims.recipient) == (REQUEST.audience, RETURN_URL)
    assert claims.in_response_to == "request-1"
    assert claims.level == "high"
    assert claims.attributes == {"cpr": KIRSTEN, "name": "Kirsten Test Berggren"}
    assert claims.not_before <= claims.issued_at < claims.not_after
    assert claims.assertion_id


def test_no_address_and_no_page_holds_a_cpr_number(provider, identity, visit, log_in):
    challenge = identity.begin(REQUEST)
    page = visit(challenge.url)
    assert page.status == 200
    assert "Kirsten Test Berggren, " in page.text
    location = log_in(person="kirsten", level="low")
    word = parse_qs(urlsplit(challenge.url).query)["request"][0]
    readable = str(unseal(provider.secret, LOGIN_REQUEST, word))
    for text in (challenge.url, page.text, location, readable):
        assert not re.search(r"\d{6}-?\d{4}", text)
        for citizen in load_citizens().all:
            digits = citizen.person.cpr.reveal()
            assert digits not in text


def test_the_return_address_keeps_its_own_query(log_in):
    assert log_in(person="lars", level="low").startswith(RETURN_URL + "&token=")


def test_an_artifact_works_once(identity, log_in):
    message = returned(log_in(person="kirsten", level="low"))
    assert isinstance(identity.complete(message), Claims)
    assert identity.complete(message) == Refusal("unknown-token")


def test_an_artifact_lives_60_seconds(make_context, visit):
    now = [datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)]
    with ProviderServer(now=lambda: now[0]) as provider:
        identity = DemoIdentity(make_context(provider=provider.url, secret=provider.secret))
        word = parse_qs(urlsplit(identity.begin(REQUEST).url).query)["request"][0]
        form = {"request": word, "person": "kirsten", "level": "low"}
        early, late = (visit(f"{provider.url}/login", form).location for _ in range(2))
        now[0] += datetime.timedelta(seconds=59)
        assert isinstance(identity.complete(returned(early)), Claims)
        now[0] += datetime.timedelta(seconds=1)
        assert identity.complete(returned(late)) == Refusal("unknown-token")


def test_a_cancelled_login_is_told_as_such(identity, log_in):
    assert identity.complete(returned(log_in(cancel="1"))) == Refusal("cancelled", cancelled=True)


@pytest.mark.parametrize("location", ["", "?token=", "?token=never-made", "?token=%00%ff"])
def test_an_unknown_artifact_is_refused(identity, location):
    refusal = identity.complete(returned(RETURN_URL.partition("?")[0] + location))
    assert isinstance(refusal, Refusal)
    assert not refusal.cancelled


def test_a_provider_that_is_down_is_unavailable(provider, identity, log_in):
    message = returned(log_in(person="kirsten", level="low"))
    provider.control(down=True)
    with pytest.raises(Unavailable, match="503"):
        identity.complete(message)


def test_a_provider_that_is_gone_or_too_slow_is_unavailable(make_context):
    message = returned(RETURN_URL + "&token=x")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        waiting = DemoIdentity(make_context(provider=url, secret="s", timeout=1))
        with pytest.raises(Unavailable):
            waiting.complete(message)
    gone = DemoIdentity(make_context(provider=url, secret="s", timeout=1))
    with pytest.raises(Unavailable):
        gone.complete(message)


@pytest.fixture
def impostor(make_context, receiver):
    """The component, talking to a server that answers whatever we want."""
    url = receiver.url.removesuffix("/messages/card")
    return DemoIdentity(make_context(provider=url, secret="shared", timeout=5))


@pytest.mark.parametrize(
    ("secret", "purpose", "expected"),
    [
        ("another", CLAIMS, "bad-signature"),
        ("shared", LOGIN_REQUEST, "bad-signature"),
        # The control: with the right secret and purpose it gets past the signature.
        ("shared", CLAIMS, "unreadable-claims"),
    ],
)
def test_claims_need_the_secret_and_the_purpose(impostor, receiver, secret, purpose, expected):
    word = seal(secret, purpose, {"cpr": KIRSTEN})
    receiver.body = json.dumps({"claims": word}).encode()
    assert impostor.complete(returned(RETURN_URL + "&token=x")) == Refusal(expected)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff"])
def test_an_unreadable_answer_is_unavailable(impostor, receiver, body):
    receiver.body = body
    with pytest.raises(Unavailable, match="cannot be read"):
        impostor.complete(returned(RETURN_URL + "&token=x"))


@pytest.mark.parametrize("body", [b"{}", b'{"claims": 7}'])
def test_an_answer_without_claims_is_a_refusal(impostor, receiver, body):
    receiver.body = body
    assert isinstance(impostor.complete(returned(RETURN_URL + "&token=x")), Refusal)


def test_missing_claims_stay_empty_for_the_core_to_refuse(provider, identity, log_in):
    provider.control(claims={"audience": None, "level": None, "cpr": None, "issuer": "other"})
    claims = identity.complete(returned(log_in(person="kirsten", level="low")))
    assert (claims.audience, claims.level, claims.issuer) == ("", "", "other")
    assert "cpr" not in claims.attributes


@pytest.mark.parametrize("wrong", [None, "yesterday", "2026-11-22T12:00:00"])
def test_a_claim_without_a_readable_time_is_refused(provider, identity, log_in, wrong):
    provider.control(claims={"not_after": wrong})
    location = log_in(person="kirsten", level="low")
    assert identity.complete(returned(location)) == Refusal("unreadable-claims")


def test_claims_are_handed_out_to_nobody_without_the_secret(provider, make_context, log_in):
    stranger = DemoIdentity(make_context(provider=provider.url, secret="guess", timeout=5))
    message = returned(log_in(person="kirsten", level="low"))
    with pytest.raises(Unavailable, match="401"):
        stranger.complete(message)


def test_the_provider_sends_nobody_to_an_address_no_municipality_signed(provider, visit):
    forged = seal("guess", LOGIN_REQUEST, {"return_url": "https://evil.example/"})
    for page in (
        visit(f"{provider.url}/login?request={forged}"),
        visit(f"{provider.url}/login", {"request": forged, "person": "kirsten", "level": "low"}),
    ):
        assert (page.status, page.location) == (400, "")
        assert "Det kan vi ikke" in page.text


def test_an_unknown_citizen_or_level_is_an_error_page(provider, identity, visit):
    word = parse_qs(urlsplit(identity.begin(REQUEST).url).query)["request"][0]
    for form in ({"person": KIRSTEN, "level": "low"}, {"person": "kirsten", "level": "lowest"}):
        assert visit(f"{provider.url}/login", {"request": word, **form}).status == 400


def test_logging_out_ends_on_a_page_of_the_provider(identity, visit):
    asked = identity.end(LogoutRequest("", RETURN_URL, "da"))
    back = visit(asked.url)
    assert (back.status, back.headers["Location"]) == (303, RETURN_URL)
    page = visit(asked.url.replace("request=", "request=x"))
    assert page.status == 200
    assert "Du er logget ud" in page.text, "whoever comes with another's request goes nowhere"


def test_the_page_speaks_english_when_asked(identity, visit):
    request = LoginRequest("r", "a", RETURN_URL, AssuranceLevel.HIGH, "en")
    text = visit(identity.begin(request).url).text
    assert '<html lang="en">' in text
    assert "Daughter of Kirsten" in text
