"""What is kept of the provider, for how long, and how new keys are found."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.testing.counterpart import Given
from selvbetjening_core.values import Claims, LogoutNotice, LogoutRequest, Refusal
from selvbetjening_oidc.counterpart import made_key
from selvbetjening_oidc.provider import BETWEEN_SEARCHES, KEYS_LAST

SAID = {"acr": "substantial", "name": "Nancy Ann Test Berggren"}


def test_keys_and_document_are_asked_for_once(login):
    component = login.component()
    for number in range(3):
        url = login.begun(component, f"request-{number}")
        assert isinstance(component.complete(login.answer(url, **SAID)), Claims)
    assert login.asked("/.well-known/openid-configuration") == 1
    assert login.asked("/keys") == 1
    other = login.component()
    assert isinstance(other.complete(login.answer(login.begun(other), **SAID)), Claims)
    assert login.asked("/keys") == 1, "another process uses what the first has kept"


def test_a_new_key_is_found_and_unknown_ones_are_searched_for_seldom(login):
    component = login.component()
    component.complete(login.answer(login.begun(component), **SAID))
    unknown = made_key("unknown")
    for number in range(3):
        url = login.begun(component, f"unknown-{number}")
        found = component.complete(login.answer(url, key=unknown, **SAID))
        assert found == Refusal("key-unknown")
    assert login.asked("/keys") == 2, "once to begin with, once in search"
    login.broker.keys = (made_key("newer"),)
    login.store.remove(next(key for key in login.store._kept if key.startswith("searched")))
    found = component.complete(login.answer(login.begun(component, "newer"), **SAID))
    assert isinstance(found, Claims)
    assert datetime.timedelta(seconds=10) <= BETWEEN_SEARCHES <= datetime.timedelta(minutes=1)


def test_a_withdrawn_key_counts_for_a_while_alone(login):
    component, old = login.component(), login.broker.keys[0]
    component.complete(login.answer(login.begun(component), **SAID))
    login.broker.keys = (made_key("newer"),)
    login.ahead = KEYS_LAST
    found = component.complete(login.answer(login.begun(component, "late"), key=old, **SAID))
    assert found == Refusal("key-unknown")


def test_a_document_that_is_not_believed_sends_nobody_anywhere(login, caplog):
    login.broker.document["issuer"] = "https://evil.example"
    with pytest.raises(Unavailable):
        login.begun(login.component())
    assert "discovery-issuer" in caplog.text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_a_redirection_is_not_followed(login, path):
    with type(login.broker)(made_key("first")) as other:
        moved = Given(302, b"", {"Location": f"{other.url}{path}"})
        component = login.component()
        url = login.begun(component)
        if path != "/token":
            login.broker.instead[path] = moved
            login.store._kept = {
                key: one for key, one in login.store._kept.items() if key.startswith("login")
            }
        message = login.answer(url, **SAID)
        login.broker.instead[path] = moved
        try:
            found = component.complete(message)
        except Unavailable:
            found = Refusal("unavailable")
        assert isinstance(found, Refusal)
        assert other.requests == []


def test_a_login_that_began_elsewhere_can_be_read_by_another_process(login):
    url = login.begun(login.component())
    assert isinstance(login.component().complete(login.answer(url, **SAID)), Claims)


def test_a_login_can_be_answered_for_a_quarter_of_an_hour_and_once(login):
    component = login.component()
    message = login.answer(login.begun(component), **SAID)
    assert isinstance(component.complete(message), Claims)
    assert component.complete(message) == Refusal("unknown-state")


def test_logging_out_says_which_login_without_saying_whose(login):
    for told, expected in ((SAID, "logout_hint=login-7"), ({"acr": "high"}, "id_token_hint=ey")):
        component = login.component()
        claims = component.complete(login.answer(login.begun(component), sid="login-7", **told))
        url = component.end(LogoutRequest(claims.farewell, "https://x.example/", "da")).url
        assert url.startswith(f"{login.broker.url}/logout?client_id=selvbetjening&")
        assert expected in url
        assert ("id_token_hint" in url) is ("logout_hint" not in url)


def test_a_provider_without_log_out_is_sent_nobody(login):
    login.broker.document["end_session_endpoint"] = None
    component = login.component()
    claims = component.complete(login.answer(login.begun(component), **SAID))
    assert component.end(LogoutRequest(claims.farewell, "https://x.example/", "da")) is None


def test_a_browser_is_believed_about_a_log_out_where_it_was_agreed(login):
    query = {"iss": login.broker.url, "sid": "login-7"}
    component = login.component(front_channel=True)
    found = component.read_logout(login.message(query=query))
    assert isinstance(found, LogoutNotice)
    assert (found.sessions, found.subject) == (("login-7",), "")
    other = component.read_logout(login.message(query={**query, "iss": "https://evil.example"}))
    assert other == Refusal("issuer")
    assert component.read_logout(login.message(query={"sid": ""})) == Refusal("front-channel")
    off = login.component().read_logout(login.message(query=query))
    assert off == Refusal("front-channel")


def test_whoever_is_logged_in_elsewhere_logs_in_again_if_asked_to(login):
    component = login.component(force_login=True)
    url = login.begun(component)
    assert "prompt=login&max_age=0" in url
    assert component.complete(login.answer(url, **SAID)) == Refusal("time-auth_time")
    at = int(login.now().timestamp())
    for begun, expected in ((at - 3600, Refusal), (at, Claims)):
        url = login.begun(component)
        assert isinstance(component.complete(login.answer(url, auth_time=begun, **SAID)), expected)


@pytest.mark.parametrize("way", ["basic", "post"])
def test_the_secret_goes_as_it_was_agreed(login, way):
    component = login.component(client_authentication=way)
    component.complete(login.answer(login.begun(component), **SAID))
    asked = next(one for one in login.broker.requests if one.path == "/token")
    assert ("authorization" in asked.headers) is (way == "basic")
    assert (b"client_secret" in asked.body) is (way == "post")
