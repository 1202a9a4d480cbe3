"""What is wrong with the settings is told, with what to do."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from selvbetjening_core.errors import BadSettings
from selvbetjening_core.values import AssuranceLevel
from selvbetjening_oidc.asking import is_safe, origin_of
from selvbetjening_oidc.maps import CLAIMS, LEVELS, MAPS
from selvbetjening_oidc.plugin import BrokerLogin
from selvbetjening_oidc.settings import Agreement, faults


def told(login, **changed):
    return [one.setting for one in faults(login.context(**changed))]


def test_nothing_is_wrong(login):
    assert told(login) == []
    assert login.component().issuer == login.broker.url


WRONG = {
    "in clear": ({"issuer": "http://broker.example"}, "issuer"),
    "a machine that is called as ours": ({"issuer": "http://127.evil.example"}, "issuer"),
    "a password in it": ({"issuer": "https://a:b@broker.example"}, "issuer"),
    "a question": ({"issuer": "https://broker.example/?tenant=1"}, "issuer"),
    "pages in clear": ({"login_address": "http://broker.example"}, "login_address"),
    "no pair": ({"claims": "cpr"}, "claims"),
    "an unknown word": ({"claims": "email=email"}, "claims"),
    "an unknown level": ({"levels": "certain=3"}, "levels"),
    "a level for two": ({"levels": "low=a high=a"}, "levels"),
    "an unknown role": ({"roles": "king=http://x"}, "roles"),
    "no scope of the protocol": ({"scopes": "profile"}, "scopes"),
    "what is ours to say": ({"request": "nonce=1&acr_values={level}"}, "request"),
    "staff of nowhere": ({"who": "staff"}, "municipalities"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told(login, what):
    changed, setting = WRONG[what]
    assert told(login, **changed) == [setting]
    with pytest.raises(BadSettings):
        BrokerLogin(login.context(**changed))


@pytest.mark.parametrize("broker", MAPS)
def test_every_map_knows_words_and_levels(login, broker):
    own = MAPS[broker]
    assert set(own.claims) <= set(CLAIMS)
    assert {ours for ours, _ in own.levels} == set(LEVELS)
    agreement = Agreement.of(login.context(broker=broker))
    asked = {level: agreement.asked_beside(level) for level in AssuranceLevel}
    assert all(asked.values())
    assert len({str(one) for one in asked.values()}) == len(LEVELS), "a level makes no difference"
    assert told(login, broker=broker) == []


def test_a_map_is_changed_by_words(login):
    agreement = Agreement.of(login.context(broker="nets", claims="cpr=own.cpr", levels="high=3"))
    assert agreement.claims["cpr"] == "own.cpr"
    assert agreement.claims["name"] == MAPS["nets"].claims["name"]
    assert agreement.levels == {"3": "high"}


def test_what_is_sent_along_has_the_level(login):
    agreement = Agreement.of(login.context(request="acr_values={Level}&idp=mitid"))
    asked = agreement.asked_beside(AssuranceLevel.HIGH)
    assert asked == parse_qsl("acr_values=High&idp=mitid")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://broker.example/op", True),
        ("http://127.0.0.1:80/", True),
        ("http://broker.localhost", True),
        ("http://[::1]/", True),
        ("http://broker.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://", False),
        ("https://a@broker.example", False),
        ("https://broker.example#x", False),
        ("https://broker.example:99999", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_secrets_go_over_tls_alone(url, expected):
    assert is_safe(url) is expected


def test_origins_are_compared_with_their_ports():
    assert origin_of("https://a.example/x") == origin_of("https://a.example:443")
    assert origin_of("https://a.example") != origin_of("https://a.example:8443")
    assert origin_of("nonsense") == ""
