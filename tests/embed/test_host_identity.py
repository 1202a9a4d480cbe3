"""A site vouches for its user: what is taken, and what is refused."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import datetime
import hmac
import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from embed_site import HOST_LOGIN
from webtest import TestApp

from selvbetjening_core.application import utc_now
from selvbetjening_core.embedding import mount
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.values import AssuranceLevel, ComponentContext
from selvbetjening_host_identity import BadRequest, give_up, vouch
from selvbetjening_host_identity.plugin import HostIdentity
from selvbetjening_host_identity.words import REQUEST, VOUCHER, _box, find, hide, read

CPR = "2911829996"
LOGIN_URL = "http://localhost:1/sig-god-for"
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


@dataclasses.dataclass
class Clock:
    ahead: datetime.timedelta = datetime.timedelta()

    def __call__(self):
        return utc_now() + self.ahead


@dataclasses.dataclass
class Town:
    """Ours, under a prefix; the site that vouches is the test itself."""

    app: Any
    key: str
    folder: Path
    clock: Clock

    def browser(self):
        return TestApp(self.app, extra_environ={"HTTP_HOST": "localhost"})

    def begin(self, browser):
        """Begin a login; the request that the site gets."""
        forms = browser.get("/a/sundhedskort").forms
        away = next(f for f in forms.values() if f.action.endswith("/start")).submit(status=303)
        assert away.location.startswith(f"{LOGIN_URL}?request=")
        return parse_qs(urlsplit(away.location).query)["request"][0]

    def vouched(self, word, **more):
        """The address that the site sends the browser to."""
        told = {
            "key": self.key,
            "issuer": "mors.dk",
            "cpr": CPR,
            "name": "Kirsten Test Berggren",
            "level": "substantial",
            "logged_in_at": self.clock() - 5 * MINUTE,
            "now": self.clock(),
        }
        return vouch(word, **{**told, **more})

    def codes(self):
        """What the audit log says of refused logins."""
        file = self.folder / "var" / "selvbetjening.sqlite"
        with contextlib.closing(sqlite3.connect(file)) as database:
            rows = database.execute("SELECT subject FROM audit WHERE event = 'login-refused'")
            return [code for (code,) in rows]


@pytest.fixture
def make_town(make_installation):
    made = []

    def make(name="town", highest="substantial"):
        login = HOST_LOGIN.format(login_url=LOGIN_URL).replace('"substantial"', f'"{highest}"')
        installation = make_installation("/a", login=login, name=name)
        clock = Clock()
        mounted = mount(installation, now=clock)
        made.append(mounted)
        key = (installation.parent / "secrets" / "host").read_text()
        return Town(mounted, key, installation.parent, clock)

    yield make
    for mounted in made:
        mounted.close()


@pytest.fixture
def town(make_town):
    return make_town()


def answer(browser, url, status):
    parts = urlsplit(url)
    return browser.get(f"{parts.path}?{parts.query}", status=status)


def is_logged_in(browser):
    return "/-/log-af" in browser.get("/a/sundhedskort").text


def forged(town, url, key=None, **claims):
    """The voucher in ``url`` with other claims; None leaves one out."""
    word = parse_qs(urlsplit(url).query)["voucher"][0]
    said = jwt.decode(word, options={"verify_signature": False})
    said = {name: value for name, value in {**said, **claims}.items() if value is not None}
    made = jwt.encode(said, key or town.key, algorithm="HS256", headers={"typ": VOUCHER})
    return url.replace(word, made)


def test_a_voucher_logs_in(town):
    browser = town.browser()
    page = answer(browser, town.vouched(town.begin(browser)), 303)
    assert page.location.endswith("/a/sundhedskort/trin/person")
    assert is_logged_in(browser)
    assert town.codes() == []


def test_nothing_personal_can_be_read_in_the_address(town):
    url = town.vouched(town.begin(town.browser()))
    said = jwt.decode(
        parse_qs(urlsplit(url).query)["voucher"][0], options={"verify_signature": False}
    )
    assert set(said) >= {"aud", "auth_time", "exp", "in_response_to", "iss", "jti", "level"}
    assert CPR not in f"{url} {said}"
    assert "Berggren" not in f"{url} {said}"
    assert said["exp"] - said["iat"] <= 60


REFUSED = {
    "another key": ({"key": "another key of the very same length"}, "bad-signature"),
    "another issuer": ({"iss": "aarhus.dk"}, "issuer"),
    "no issuer": ({"iss": None}, "issuer"),
    "another audience": ({"aud": "http://localhost/b"}, "audience"),
    "no audience": ({"aud": None}, "audience"),
    "another recipient": ({"recipient": "http://localhost/a/-/messages/other"}, "recipient"),
    "another request": ({"in_response_to": "x" * 43}, "unknown-request"),
    "no request": ({"in_response_to": None}, "unknown-request"),
    "no id": ({"jti": None}, "assertion-id"),
    "a higher level than agreed": ({"level": "high"}, "level-above-highest"),
    "an unknown level": ({"level": "godlike"}, "unknown-level"),
    "no level": ({"level": None}, "unknown-level"),
    "a lower level than wanted": ({"level": "low"}, "level"),
    "no time of login": ({"auth_time": None}, "unreadable-voucher"),
    "a time that is none": ({"auth_time": "noon"}, "unreadable-voucher"),
    "a time beyond all times": ({"auth_time": 10**20}, "unreadable-voucher"),
    "no end": ({"exp": None}, "unreadable-voucher"),
    "made to last": ({"exp": 4102444800}, "lasts-too-long"),
    "no citizen": ({"citizen": None}, "attributes"),
    "a citizen in the clear": ({"citizen": CPR}, "attributes"),
}


@pytest.mark.parametrize(("claims", "code"), REFUSED.values(), ids=REFUSED)
def test_a_forged_voucher_is_refused(claims, code, town):
    browser = town.browser()
    url = forged(town, town.vouched(town.begin(browser)), **claims)
    answer(browser, url, 403)
    assert town.codes() == [code]
    assert not is_logged_in(browser)


def test_the_forger_can_make_a_good_one(town):
    """Negative control: what is refused above is refused for the one thing that is wrong."""
    browser = town.browser()
    answer(browser, forged(town, town.vouched(town.begin(browser))), 303)
    assert is_logged_in(browser)


def test_a_citizen_hidden_under_another_key_is_nobody(town):
    browser = town.browser()
    other = hide("another key of the very same length", {"cpr": CPR, "name": "K"})
    answer(browser, forged(town, town.vouched(town.begin(browser)), citizen=other), 403)
    assert town.codes() == ["attributes"]


def test_no_algorithm_is_refused(town):
    browser = town.browser()
    url = town.vouched(town.begin(browser))
    word = parse_qs(urlsplit(url).query)["voucher"][0]
    said = jwt.decode(word, options={"verify_signature": False})
    for algorithm, key in (("none", None), ("HS512", town.key * 2)):
        made = jwt.encode(said, key, algorithm=algorithm, headers={"typ": VOUCHER})
        answer(browser, url.replace(word, made), 403)
    without = url.replace(word, word.rpartition(".")[0] + ".")
    answer(browser, without, 403)
    assert town.codes() == ["bad-signature"] * 3


NONSENSE = {
    "nothing": "",
    "one part": "x",
    "no words": "a.b.c",
    "a NUL": "%00",
    "no UTF-8": "%ff.%ff.%ff",
    "deep": base64.urlsafe_b64encode(b'{"typ":' + b"[" * 3000).decode().rstrip("=") + ".e30.x",
}


@pytest.mark.parametrize("word", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused(word, town):
    browser = town.browser()
    town.begin(browser)
    assert browser.get(f"/a/-/messages/login?voucher={word}", status="*").status_int in (400, 403)
    assert not is_logged_in(browser)


def test_a_voucher_counts_once(town):
    browser = town.browser()
    url = town.vouched(town.begin(browser))
    answer(browser, url, 303)
    answer(town.browser(), url, 403)
    # In the browser that asked, and for a new request, too.
    again = town.browser()
    word = parse_qs(urlsplit(town.vouched(town.begin(again))).query)["voucher"][0]
    request = jwt.decode(word, options={"verify_signature": False})["in_response_to"]
    answer(again, forged(town, url, in_response_to=request), 403)
    assert town.codes()[-1] == "replay"
    assert not is_logged_in(again)


def test_a_voucher_counts_in_the_browser_that_asked(town):
    """What is sent to somebody else logs nobody in as the sender."""
    url = town.vouched(town.begin(town.browser()))
    other = town.browser()
    town.begin(other)
    answer(other, url, 403)
    assert town.codes() == ["browser"]
    assert not is_logged_in(other)


@pytest.mark.parametrize(("ahead", "code"), [(-5 * MINUTE, "too-late"), (5 * MINUTE, "too-early")])
def test_a_voucher_counts_now(ahead, code, town):
    browser = town.browser()
    answer(browser, town.vouched(town.begin(browser), now=town.clock() + ahead), 403)
    assert town.codes() == [code]


@pytest.mark.parametrize("ago", [9 * HOUR, -5 * MINUTE])
def test_the_login_at_the_site_is_of_today(ago, town):
    browser = town.browser()
    answer(browser, town.vouched(town.begin(browser), logged_in_at=town.clock() - ago), 403)
    assert town.codes() == ["login-time"]


def test_a_request_is_no_voucher(town):
    browser = town.browser()
    word = town.begin(browser)
    url = town.vouched(word)
    answer(browser, url.replace(parse_qs(urlsplit(url).query)["voucher"][0], word), 403)
    assert town.codes() == ["bad-signature"]


def test_a_voucher_of_one_installation_is_none_in_another(make_town):
    one, two = make_town("one"), make_town("two")
    browser = two.browser()
    two.begin(browser)
    answer(browser, one.vouched(one.begin(one.browser())), 403)
    assert two.codes() == ["bad-signature"]


def test_a_higher_level_where_it_was_agreed(make_town):
    town = make_town(highest="high")
    browser = town.browser()
    answer(browser, town.vouched(town.begin(browser), level="high"), 303)
    assert is_logged_in(browser)


def test_who_gives_up_at_the_site_is_told_so_kindly(town):
    browser = town.browser()
    url = give_up(town.begin(browser), key=town.key)
    assert "Berggren" not in url
    page = browser.get(url.replace("http://localhost", "")).maybe_follow()
    assert "Du afbrød login" in page.text
    assert town.codes() == ["given-up-at-the-site"]
    assert not is_logged_in(browser)


def test_that_somebody_gave_up_is_not_forged(town):
    browser = town.browser()
    url = give_up(town.begin(browser), key=town.key)
    answer(browser, url[:-4], 403)
    other = town.browser()
    answer(other, url, 403)
    assert town.codes() == ["no-voucher"]


# -- the site's half ----------------------------------------------------------------


def test_the_site_sends_nobody_away_on_a_stranger_s_word(town):
    word = town.begin(town.browser())
    for planted in ("", "x", word[:-2], town.vouched(word).partition("voucher=")[2]):
        with pytest.raises(BadRequest):
            town.vouched(planted)
        with pytest.raises(BadRequest):
            give_up(planted, key=town.key)
    with pytest.raises(BadRequest, match="too old"):
        town.vouched(word, now=town.clock() + 16 * MINUTE)


def test_a_short_key_is_refused_on_both_sides(town, make_installation):
    with pytest.raises(ValueError, match="32"):
        town.vouched(town.begin(town.browser()), key="short")
    installation = make_installation(
        "/b", name="short", login=HOST_LOGIN.format(login_url=LOGIN_URL)
    )
    (installation.parent / "secrets" / "host").write_text("short")
    with pytest.raises(ConfigurationError) as told:
        mount(installation)
    assert any("at least 32" in one.message for one in told.value.problems)


@pytest.mark.parametrize(
    "host", ["localhost:@evil.example", "localhost:80@evil.example", "localhost:", "localhost:x"]
)
def test_nobody_is_sent_to_an_address_made_up_in_the_host_header(town, host):
    """Else a citizen who follows an attacker's link brings the voucher to the attacker."""
    attacker = TestApp(town.app, extra_environ={"HTTP_HOST": host})
    attacker.get("/a/sundhedskort", status=404)
    attacker.post("/a/sundhedskort/start", {"csrf_token": "x"}, status="4*")
    # The negative control: an ordinary port is a part of the address.
    ordinary = TestApp(town.app, extra_environ={"HTTP_HOST": "localhost:8080"})
    assert "http://localhost:8080/a/" in town.vouched(town.begin(ordinary))


@pytest.mark.parametrize(("issuer", "key"), [(" ", "k" * 32), ("mors.dk", "k" * 31)])
def test_a_site_without_a_name_or_a_real_secret_is_refused(tmp_path, issuer, key):
    told = {"issuer": issuer, "key": key, "login_url": LOGIN_URL, "highest_level": "low"}
    with pytest.raises(ValueError, match=r"issuer|key"):
        HostIdentity(ComponentContext("login", "0773", told, tmp_path, utc_now))


@pytest.mark.parametrize("hidden", [b"[1]", b"null", b"7", b"[" * 100_000, b"{", b"\xff"])
def test_what_is_hidden_and_is_nobody_is_nobody(hidden):
    key = "k" * 32
    assert find(key, _box(key).encrypt(hidden)) == {}
    assert find(key, _box(key).encrypt(hidden).decode()) == {}


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS384"},
        {"alg": "HS512"},
        {"alg": "RS256"},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"typ": [VOUCHER]},
        {"typ": VOUCHER.upper()},
        {"typ": REQUEST},
    ],
)
def test_only_a_voucher_in_the_one_algorithm_is_read(header):
    key = "k" * 32
    told = {"typ": VOUCHER, "alg": "HS256"}
    assert read(key, VOUCHER, _signed(key, told)) == {"a": 1}
    # What points to another key is not followed: the word is judged with ours.
    elsewhere = {"jku": "https://evil.example", "kid": "../none", "jwk": {"kty": "oct", "k": ""}}
    assert read(key, VOUCHER, _signed(key, told | elsewhere)) == {"a": 1}
    assert read(key, VOUCHER, _signed("another key", told | elsewhere)) is None
    assert read(key, VOUCHER, _signed(key, told | header)) is None


def _signed(key, header):
    """A word signed as its header says, or as we do; PyJWT would refuse to make some."""
    text = ".".join(_in_64(json.dumps(part).encode()) for part in (header, {"a": 1}))
    how = {"HS384": "sha384", "HS512": "sha512"}.get(header["alg"], "sha256")
    proof = hmac.new(key.encode(), text.encode(), how).digest()
    return f"{text}.{'' if header['alg'] == 'none' else _in_64(proof)}"


def _in_64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize("word", ["", "\u017fubstantial", "h\u0131gh", "LOW ", "__class__", "4"])
def test_a_word_that_only_looks_like_a_level_is_none(word):
    assert AssuranceLevel.named(word) is None
    assert AssuranceLevel.named("Substantial") is AssuranceLevel.SUBSTANTIAL
