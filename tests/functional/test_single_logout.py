"""Logging out here and at the provider, begun at either; and answers that come by POST."""

from __future__ import annotations

import datetime
import importlib.metadata
import sys
import types
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from tests.functional.conftest import got_out
from zope.interface import implementer

from selvbetjening_core.application import utc_now
from selvbetjening_core.composition import compose
from selvbetjening_core.composition.gateway import unguarded
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import ENTRY_POINT_GROUP, hookimpl
from selvbetjening_core.interfaces import IIdentity, ISingleLogout
from selvbetjening_core.journey import judging
from selvbetjening_core.values import Challenge, Claims, LogoutNotice, Refusal, Reply
from selvbetjening_demo.identity import IDENTITY_SETTINGS, DemoIdentity
from selvbetjening_demo.signing import seal, unseal

SECRET, PURPOSE = "of the telling provider", "logout-notice"
STEP = "/sundhedskort/trin/person"
LOGIN, STAFF_LOGIN = "/-/messages/login", "/-/messages/staff"
KIRSTEN = "person of Kirsten"
ACROSS = {"Origin": "https://login.example", "Sec-Fetch-Site": "cross-site"}
"""What a browser tells of a form on the provider's page."""


@implementer(IIdentity, ISingleLogout)
class Telling(DemoIdentity):
    """The demo's login, at a provider that names its logins and tells when one has ended."""

    is_down = False

    def __init__(self, context):
        super().__init__(context)
        self.farewells = []

    def complete(self, message):
        word = dict(parse_qsl(message.body.decode("utf-8", "replace"))).get("token")
        found = super().complete(replace(message, query={"token": word}) if word else message)
        if not isinstance(found, Claims):
            return found
        return replace(
            found,
            session=f"login {found.assertion_id}",
            subject=f"person of {found.attributes['name'].split()[0]}",
            farewell=f"farewell to {found.assertion_id}",
        )

    def end(self, request):
        self.farewells.append(request)
        if self.is_down:
            raise Unavailable("the provider does not answer")
        return super().end(request)

    def read_logout(self, message):
        fields = dict(parse_qsl(message.body.decode("utf-8", "replace")))
        word = message.query.get("logout") or fields.get("logout")
        if word is None:
            return None
        data = unseal(SECRET, PURPOSE, word)
        if data is None:
            return Refusal("bad-signature")
        at = data["at"] and datetime.datetime.fromisoformat(data["at"])
        return LogoutNotice(
            data["issuer"],
            data["id"],
            tuple(data["sessions"]),
            data["subject"],
            at or None,
            self.answer(data["answer"]),
        )

    def answer(self, kind):
        if kind == "browser":
            return Challenge(f"{self._provider.url}/logged-out")
        if kind == "elsewhere":
            return Challenge("https://evil.example/")
        return Reply(status=204) if kind == "server" else None


@pytest.fixture
def town(installation, make_town, monkeypatch):
    """The demo, whose logins are ended at the provider, too."""
    module = types.ModuleType("made_up_telling")

    def selvbetjening_register(register):
        register.component(
            IIdentity,
            Telling,
            help="Tells.",
            settings=IDENTITY_SETTINGS,
            demo_only=True,
            built_for="0.2",
            sends_to=("provider",),
        )

    module.selvbetjening_register = hookimpl(selvbetjening_register)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    point = importlib.metadata.EntryPoint("telling", module.__name__, ENTRY_POINT_GROUP)
    telling = InstalledPlugin("telling", module.__name__, "made-up", "1.0", point)
    found = (*installed_plugins(), telling)
    monkeypatch.setattr(compose, "installed_plugins", lambda: found)
    plugin_set = installation / "plugin_sets" / "standard.toml"
    text = plugin_set.read_text("utf-8")
    plugin_set.write_text(text.replace('"folder",', '"folder",\n    "telling",'), "utf-8")
    for file in (installation / "municipalities").glob("*.toml"):
        text = file.read_text("utf-8")
        assert text.count('"demo_identity"') == 2
        file.write_text(text.replace('"demo_identity"', '"telling"'), "utf-8")
    return make_town()


def component(town, name="login", code="0773"):
    return unguarded(town.application.composition.municipalities[code].named(IIdentity, name))


def notice(town, sessions=(), subject="", **changed):
    """The word by which the provider tells that logins have ended."""
    data = {
        "issuer": "demo-idp",
        "id": f"notice of {sessions} {subject}",
        "sessions": sessions,
        "subject": subject,
        "at": town.clock().isoformat(),
        "answer": "",
    }
    return seal(SECRET, PURPOSE, data | changed)


def told(town, word, way="server", address=LOGIN, name="mors"):
    """The answer when the message comes from a server, or in a browser without cookies."""
    app = town.browser(name).app
    if way == "browser":
        return app.get(f"{address}?{urlencode({'logout': word})}", status="*")
    return app.post(address, {"logout": word}, status="*")


def sessions_of(town, code="0773"):
    with town.work(code) as work:
        rows = work.driver_connection.execute("select * from web_session").fetchall()
    return len(rows)


def audited(town, code="0773"):
    with town.work(code) as work:
        rows = work.driver_connection.execute(
            "select event, subject, detail from audit order by at"
        )
        return [tuple(row) for row in rows.fetchall()]


@pytest.fixture
def kirsten(town):
    return logged_in(town, "kirsten")


def logged_in(town, person, name="mors"):
    browser = town.browser(name)
    browser.log_in(person)
    return browser


def log_out(browser):
    """Press »Log af«; the page, and where it goes on to at once, if anywhere."""
    form = next(f for f in browser.forms() if f.action.endswith("/log-af"))
    page = form.submit(status=200)
    return page, page.headers.get("Refresh", "").partition("0;url=")[2]


def is_in(browser, path=STEP):
    return browser.app.get(path, status="*").status_int == 200


def test_one_logs_out_at_the_provider_and_comes_back(town, kirsten):
    page, away = log_out(kirsten)
    (asked,) = component(town).farewells
    assert "Du er logget af hos os" in page
    assert page.html.select_one("main a.button")["href"] == away
    assert asked.farewell.startswith("farewell to ")
    assert away.startswith(f"{town.provider.url}/logged-out?")
    assert asked.farewell not in away
    assert not is_in(kirsten)
    assert sessions_of(town) == 0
    assert "Du er logget af" in kirsten.get(urlsplit(got_out(away)).path)
    assert got_out(away) == asked.return_url


def test_a_provider_that_is_down_keeps_nobody_logged_in(town, kirsten):
    component(town).is_down = True
    page, away = log_out(kirsten)
    assert away == ""
    assert "Du er kun logget af hos os" in page
    assert not is_in(kirsten)
    assert sessions_of(town) == 0


def test_who_is_logged_in_again_is_not_told_goodbye(kirsten):
    log_out(kirsten)
    kirsten.log_in("kirsten")
    page = kirsten.get("/-/logget-af")
    assert page.request.path == "/"
    assert is_in(kirsten)


@pytest.mark.parametrize("way", ["browser", "server"])
def test_the_login_that_the_provider_names_is_over(town, kirsten, way):
    """In every window, at once; nobody else's, and no other of the same person."""
    other, elsewhere = logged_in(town, "kirsten"), logged_in(town, "anders")
    login = component(town).farewells
    assert login == []
    first = session_named(town, kirsten)
    answer = told(town, notice(town, [first], answer=way), way)
    assert answer.status_int == (303 if way == "browser" else 204)
    assert not is_in(kirsten)
    assert is_in(other)
    assert is_in(elsewhere)
    assert ("logged-out", "login", "") in audited(town)


def session_named(town, browser):
    """The provider's name of this browser's login, of which the store has a hash alone."""
    token = browser.app.cookies["selvbetjening-0773"]
    with town.work() as work:
        farewell = work.sessions.farewell(judging.token_hash(token))
    return farewell.replace("farewell to", "login")


def test_all_logins_of_a_person_are_over(town, kirsten):
    other, elsewhere = logged_in(town, "kirsten"), logged_in(town, "anders")
    in_aarhus = logged_in(town, "kirsten", "aarhus")
    told(town, notice(town, subject=KIRSTEN))
    assert [is_in(one) for one in (kirsten, other, elsewhere)] == [False, False, True]
    assert is_in(in_aarhus), "another municipality has an agreement of its own"


def test_the_store_has_no_word_of_the_provider_in_clear(town, kirsten):
    name = session_named(town, kirsten)
    assert name.startswith("login "), "negative control: it is kept, sealed"
    with town.work() as work:
        (row,) = work.driver_connection.execute("select * from web_session").fetchall()
    for word in (name, KIRSTEN, name.removeprefix("login ")):
        assert word not in str(tuple(row))


def test_a_citizen_who_is_logged_out_there_finds_the_answers_again(town, kirsten):
    kirsten.submit(holder="self")
    told(town, notice(town, subject=KIRSTEN))
    kirsten.get("/sundhedskort/trin/card", 403)
    kirsten.log_in("kirsten")
    assert kirsten.page.request.path != STEP


WRONG = {
    "another issuer": {"issuer": "https://evil.example"},
    "no issuer": {"issuer": ""},
    "no id": {"id": ""},
    "no time": {"at": ""},
    "too old": {"at": (utc_now() - datetime.timedelta(hours=1)).isoformat()},
    "of tomorrow": {"at": (utc_now() + datetime.timedelta(days=1)).isoformat()},
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("way", ["browser", "server"])
def test_what_is_wrong_ends_nothing(town, kirsten, wrong, way):
    answer = told(town, notice(town, subject=KIRSTEN, **WRONG[wrong]), way)
    assert answer.status_int == 400
    assert is_in(kirsten)
    assert [event for event, *_ in audited(town)].count("logout-refused") == 1
    told(town, notice(town, subject=KIRSTEN), way)
    assert not is_in(kirsten), "negative control: in order, it ends the login"


def test_what_is_forged_ends_nothing(town, kirsten):
    word = seal("somebody else's", PURPOSE, {"subject": KIRSTEN})
    page = told(town, word, "browser")
    assert page.status_int == 400
    assert "Vi kunne ikke læse beskeden" in page
    assert is_in(kirsten)


def test_a_notice_of_nobody_ends_nothing_and_is_refused(town, kirsten):
    assert told(town, notice(town, id="n")).status_int == 400
    assert told(town, notice(town, [""], id="m")).status_int != 500
    assert is_in(kirsten)


def test_a_notice_counts_once(town, kirsten):
    """Replayed after a new login it ends nothing, and its sender is told that all is well."""
    word = notice(town, subject=KIRSTEN, answer="server")
    assert told(town, word).status_int == 204
    kirsten.log_in("kirsten")
    assert told(town, word).status_int == 204
    assert is_in(kirsten)


def test_a_provider_that_sends_the_browser_astray_does_not(town, kirsten):
    answer = told(town, notice(town, subject=KIRSTEN, answer="elsewhere"), "browser")
    assert answer.status_int == 303
    assert urlsplit(answer.location).path == "/-/logget-af"
    assert not is_in(kirsten)


def test_the_confirmation_of_our_own_log_out_leads_to_our_page(town):
    word = notice(town, id="", at="")
    answer = told(town, word, "browser")
    assert answer.status_int == 303
    assert urlsplit(answer.location).path == "/-/logget-af"


def test_a_store_that_is_down_ends_nothing_by_halves(town, kirsten, monkeypatch):
    """The notice is remembered and the sessions ended together, or neither."""
    from selvbetjening_core.store.sessions import SqlSessions  # noqa: PLC0415 - to be broken

    def fails(*_):
        raise RuntimeError("the disk is full")

    word = notice(town, subject=KIRSTEN)
    with monkeypatch.context() as broken:
        broken.setattr(SqlSessions, "end_login", fails)
        assert told(town, word).status_int == 500
    assert is_in(kirsten)
    told(town, word)
    assert not is_in(kirsten)


def staff_in(town):
    browser = town.browser()
    browser.get("/-/drift/log-ind")
    away = browser.main_form().submit(status=303)
    browser.at_login(away.location, person="demo-kirsten", level="substantial")
    assert is_in(browser, "/-/drift")
    return browser


def test_staff_log_out_at_the_provider_and_come_back(town):
    staff = staff_in(town)
    _, away = log_out(staff)
    assert away.startswith(f"{town.provider.url}/logged-out?")
    assert not is_in(staff, "/-/drift")
    (asked,) = component(town, "staff").farewells
    assert got_out(away) == asked.return_url
    assert "Du er logget af" in staff.get(urlsplit(asked.return_url).path)


def test_a_notice_to_citizens_login_ends_no_login_of_staff(town):
    """They are of one provider, and perhaps of one person."""
    staff, citizen = staff_in(town), logged_in(town, "kirsten")
    told(town, notice(town, subject=KIRSTEN))
    assert is_in(staff, "/-/drift")
    assert not is_in(citizen)
    told(town, notice(town, subject=KIRSTEN), address=STAFF_LOGIN)
    assert not is_in(staff, "/-/drift")


def post_across(browser, address, fields):
    """The provider's page makes the browser send a form: no cookie of ours comes along."""
    bare = browser.town.browser(browser.host.partition(".")[0])
    return bare.app.post(address, fields, headers=ACROSS, status="*")


def to_provider(browser):
    """Begin to log in; the answer that the provider gives to bring back."""
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    word = dict(parse_qsl(urlsplit(away.location).query))["request"]
    origin = f"{urlsplit(away.location).scheme}://{urlsplit(away.location).netloc}"
    back = browser._post_out(f"{origin}/login", request=word, person="kirsten", level="substantial")
    return dict(parse_qsl(urlsplit(back).query))["token"]


def test_an_answer_by_post_from_the_providers_page_logs_in(town):
    browser = town.browser()
    token = to_provider(browser)
    page = post_across(browser, LOGIN, {"token": token, "RelayState": '"><script>'})
    assert page.status_int == 200
    assert "<script>" not in page.text.replace("<script src", "")
    (form,) = [one for key, one in page.forms.items() if isinstance(key, int)]
    assert form["RelayState"].value == '"><script>'
    fields = {name: form[name].value for name in ("token", "RelayState")}
    own = {"Origin": f"http://{browser.host}", "Sec-Fetch-Site": "same-origin"}
    answer = browser.app.post(form.action, fields, headers=own, status="*")
    assert answer.status_int == 303
    assert is_in(browser)


def test_an_answer_by_post_is_of_the_browser_that_began(town):
    """A page that sends somebody else's login through our form logs nobody in."""
    attacker, victim = town.browser(), town.browser()
    token = to_provider(attacker)
    to_provider(victim)
    page = post_across(victim, LOGIN, {"token": token})
    form = page.forms[0]
    own = {"Origin": f"http://{victim.host}", "Sec-Fetch-Site": "same-origin"}
    answer = victim.app.post(form.action, {"token": form["token"].value}, headers=own, status="*")
    assert answer.status_int == 403
    assert not is_in(victim)


def test_an_answer_that_comes_again_without_a_login_begun_is_refused_not_sent_round(town):
    own = {"Origin": f"http://{town.browser().host}", "Sec-Fetch-Site": "same-origin"}
    answer = town.browser().app.post(LOGIN, {"token": "x"}, headers=own, status="*")
    assert answer.status_int == 403
    assert "relay" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"a=1&" * 30, 413), (b"\xff=%ff", 400), (b"token=" + b"x" * 3_000_000, 413)],
)
def test_what_is_no_answer_is_not_sent_round(town, body, status):
    kind = "application/x-www-form-urlencoded"
    app = town.browser().app
    answer = app.post(LOGIN, body, headers=ACROSS, content_type=kind, status="*")
    assert answer.status_int == status
