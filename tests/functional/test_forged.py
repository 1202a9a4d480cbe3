"""What a forged, stale or foreign request gets: a clear page, and nothing stored."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa

from selvbetjening_core.definitions.read_fields import RESERVED_FIELDS
from selvbetjening_core.definitions.read_names import NAME
from selvbetjening_core.web import csrf
from selvbetjening_core.web.step_page import BUTTON, LEAVE, SAVED


def stored(town):
    """Everything a forged request could have changed."""
    url = f"sqlite:///{town.folder}/var/selvbetjening.sqlite"
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        tables = ("draft", "submission", "delivery", "payment")
        rows = {
            name: connection.execute(sa.text(f"select * from {name}")).fetchall()  # noqa: S608
            for name in tables
        }
    engine.dispose()
    return rows


@pytest.fixture
def begun(town):
    """Logged in, nothing answered yet."""
    browser = town.browser()
    browser.log_in("kirsten")
    return browser


def token_of(browser):
    return browser.main_form()["csrf_token"].value


def test_a_post_straight_to_the_last_step(town, begun):
    before = stored(town)
    fields = {"csrf_token": token_of(begun), "cancel_old_card": "true"}
    page = begun.app.post("/sundhedskort/trin/consent", fields, status=409)
    assert "Der mangler svar" in page
    assert stored(town) == before


def test_a_post_straight_to_the_summary(town, begun):
    before = stored(town)
    draft_id = begun.main_form()["draft"].value
    for ore in ("0", "22500"):
        fields = {
            "csrf_token": token_of(begun),
            "draft": draft_id,
            "seen": "x" * 32,
            "seen_ore": ore,
        }
        page = begun.app.post("/sundhedskort/opsummering", fields, status=409)
        assert "Der mangler svar" in page
    assert stored(town) == before


def test_no_field_can_be_called_what_the_form_sends_by_itself(begun):
    main = begun.page.html.find("main")
    sent = {one["name"] for one in main.select("input[type=hidden], button[name]")} | {BUTTON}
    assert {"csrf_token", "draft", "version", SAVED, LEAVE} <= sent
    possible = {name for name in sent if NAME.fullmatch(name)}
    assert possible == {"csrf_token", "do", "draft", "version"}
    assert possible <= set(RESERVED_FIELDS)


@pytest.mark.parametrize("token", ["", "forged"])
def test_without_the_right_token(town, begun, token):
    before = stored(town)
    form = begun.main_form()
    form["csrf_token"] = token
    form["holder"] = "self"
    page = form.submit(status=403)
    assert "Siden er for gammel" in page
    assert stored(town) == before


def test_from_another_site(town, begun):
    before = stored(town)
    form = begun.main_form()
    form["holder"] = "self"
    page = form.submit(status=403, headers={"Origin": "https://evil.example"})
    assert "Siden er for gammel" in page
    assert stored(town) == before


@pytest.fixture
def told(caplog, monkeypatch):
    """What the application tells of hosts where https seems to be hidden."""
    monkeypatch.setattr(csrf, "_hosts_told", set())
    return lambda: [one.getMessage() for one in caplog.records if one.name == csrf.log.name]


def sent_with(begun, **headers):
    """The first step, sent with these headers; refused on the page that there always is."""
    form = begun.main_form()
    form["holder"] = "self"
    assert "Siden er for gammel" in form.submit(status=403, headers=headers)


def test_https_that_ends_elsewhere_is_told_once_for_a_host(begun, told):
    for _ in range(3):
        sent_with(begun, Origin=f"https://{begun.host}")
    assert len(told()) == 1
    assert begun.host in told()[0]
    assert "wsgi.url_scheme" in told()[0]
    assert "--https" in told()[0]


def test_it_is_told_by_the_page_that_an_older_browser_names(begun, told):
    sent_with(begun, Referer=f"https://{begun.host}/sundhedskort/x")
    assert len(told()) == 1


def test_another_site_and_the_other_way_round_are_not_told(begun, told):
    sent_with(begun, Origin="https://evil.example")
    sent_with(begun, Origin="null")
    begun.app.extra_environ["wsgi.url_scheme"] = "https"
    form = begun.main_form()
    form.submit(status=403, headers={"Origin": f"http://{begun.host}"})
    assert told() == []


def test_only_a_few_hosts_are_remembered(begun, told, monkeypatch):
    monkeypatch.setattr(csrf, "_MOST_HOSTS_TOLD", 0)
    sent_with(begun, Origin=f"https://{begun.host}")
    assert told() == []


def test_a_changed_price(town, begun):
    begun.answer()
    before = stored(town)
    form = begun.main_form()
    form["seen_ore"] = "100"
    page = form.submit(status=409)
    assert "Prisen er ændret" in page
    form["seen_ore"] = "0"
    page = form.submit(status=409)
    assert "Prisen er ændret" in page
    assert stored(town) == before


def test_a_stale_summary(town, begun):
    begun.answer()
    stale = begun.main_form()
    begun.get("/sundhedskort/trin/sending?ret")
    begun.submit(proof="yes")
    before = stored(town)
    page = stale.submit(status=409)
    assert "Siden er blevet ældre end din ansøgning" in page
    assert stored(town) == before


def test_a_step_form_of_a_submitted_order(town, begun):
    old = begun.main_form()
    old["holder"] = "self"
    begun.answer(cause="married")
    begun.submit()
    before = stored(town)
    page = old.submit(status=409)
    assert "Du har allerede sendt" in page
    assert stored(town) == before


def test_the_summary_sent_twice_is_submitted_once(town, begun):
    begun.answer(cause="married")
    form = begun.main_form()
    first = form.submit(status=303)
    second = form.submit(status=303)
    assert first.location == second.location
    assert town.counts() == (1, 1)


def test_another_citizens_receipt(town, begun):
    begun.answer(cause="married")
    path = begun.submit().request.path
    other = town.browser()
    other.log_in("ruddi")
    for address in (path, f"{path}/status", f"{path}/dokument"):
        page = other.get(address, status=404)
        assert "Kirsten" not in page
    assert "Vi kan ikke finde siden" in page
    nobody = town.browser()
    assert "Du er ikke logget ind" in nobody.get(path, status=403)


def test_another_citizens_draft(town, begun):
    begun.answer(cause="married")
    theirs = begun.main_form()
    other = town.browser()
    other.log_in("ruddi")
    before = stored(town)
    fields = {name: theirs[name].value for name in ("draft", "seen", "seen_ore")}
    fields["csrf_token"] = token_of(other)
    page = other.app.post("/sundhedskort/opsummering", fields, status=410)
    nothing = {**fields, "draft": "never-was-there"}
    same = other.app.post("/sundhedskort/opsummering", nothing, status=410)
    assert "Dine svar er her ikke længere" in page
    assert page.html.main == same.html.main, "one cannot tell which"
    assert stored(town) == before


def test_the_other_municipalitys_session(town, begun):
    token = begun.app.cookies["selvbetjening-0773"]
    other = town.browser("aarhus")
    before = stored(town)
    for name in ("selvbetjening-0751", "selvbetjening-0773"):
        other.app.reset()
        other.app.set_cookie(name, token)
        page = other.get("/sundhedskort/trin/person", status=403)
        assert "Du er ikke logget ind her" in page
        page = other.app.post("/sundhedskort/trin/person", {"holder": "self"}, status=403)
        assert "Du er ikke logget ind her" in page
    assert stored(town) == before


def test_a_session_that_has_run_out(town, begun):
    town.clock.ahead = datetime.timedelta(minutes=31)
    page = begun.get("/sundhedskort/trin/person", status=403)
    assert "Du er ikke logget ind her" in page


def test_logged_out_is_logged_out(begun):
    token = begun.app.cookies["selvbetjening-0773"]
    assert "Du er logget af" in begun.log_out()
    begun.app.set_cookie("selvbetjening-0773", token)
    begun.get("/sundhedskort/trin/person", status=403)


def test_somebody_elses_child(town, begun):
    """A forged choice of a child that is not offered is refused."""
    before = stored(town)
    form = begun.main_form()
    form["holder"].force_value("child-9")
    page = form.submit()
    assert "Vælg" in page
    assert stored(town) == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a=%ff", 400),
        (b"a=%zz", 400),
        (b"a=\x00", 400),
        (b"a=" + b"x" * 300_000, 413),
        (b"&".join(b"a=1" for _ in range(1_000)), 413),
    ],
)
def test_a_body_that_cannot_be_read(town, begun, body, status):
    before = stored(town)
    page = begun.app.post(
        "/sundhedskort/trin/person",
        body,
        content_type="application/x-www-form-urlencoded",
        status=status,
    )
    assert page.html.h1.get_text()
    assert "Traceback" not in page
    assert stored(town) == before


def test_an_unknown_host_and_page(begun):
    assert "Vi kan ikke finde siden" in begun.get("/findes/slet/ikke", status=404)
    assert "Vi kan ikke finde siden" in begun.get("/ingenting", status=404)
    assert "Vi kan ikke finde siden" in begun.get("/-/static/../app.py", status=404)
    begun.app.extra_environ["HTTP_HOST"] = "localhost"
    assert "Morsø Kommune" in begun.app.get("/")  # a demo lets one choose
    begun.app.get("/sundhedskort", status=404)
    # A prefix is served on declared hosts alone: nobody logs in under a foreign name.
    begun.app.extra_environ["HTTP_HOST"] = "fremmed.example"
    for path in ("/", "/mors/", "/mors/sundhedskort"):
        begun.app.get(path, status=404)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "somebody-else"},
        {"issuer": None},
        {"audience": "https://other.example"},
        {"audience": None},
        {"recipient": "https://other.example"},
        {"in_response_to": "unknown"},
        {"assertion_id": None},
        {"algorithm": "none"},
        {"not_after": "2020-01-01T00:00:00+00:00"},
        {"not_before": "2099-01-01T00:00:00+00:00"},
        {"issued_at": "2020-01-01T00:00:00+00:00"},
        {"level": "low"},
        {"level": "unheard-of"},
        {"level": None},
    ],
)
def test_a_login_with_a_wrong_or_missing_claim(town, wrong):
    browser = town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    town.provider.control(claims=wrong)
    page = browser.at_login(away.location, status=403, person="kirsten", level="substantial")
    assert "Log ind" in page or "logget ind" in page or "login" in page
    assert town.counts() == (0, 0)
    browser.get("/sundhedskort/trin/person", status=403)


def test_a_login_in_another_browser_and_a_replay(town):
    browser, thief = town.browser(), town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    browser.at_login(away.location, person="kirsten", level="substantial")
    thief.get(browser.login_return, status=403)
    browser.get(browser.login_return, status=403)
    other = town.browser()
    other.get("/sundhedskort")
    away = other.main_form().submit(status=303)
    stolen = town.browser()
    stolen.at_login(away.location, status=403, person="ruddi", level="substantial")
    assert town.counts() == (1, 0)


def test_a_message_without_proof_changes_nothing(town, begun):
    begun.answer()
    begun.accept()
    before = stored(town)
    for headers in ({}, {"x-demo-signature": "forged"}):
        answer = begun.app.post(
            "/-/messages/card", b'{"key": "x", "status": "paid"}', headers=headers, status="*"
        )
        assert answer.status_int in (400, 401, 403)
    begun.app.post("/-/messages/nobody", b"{}", status=404)
    assert stored(town) == before


def test_a_provider_that_tells_another_amount(town, begun):
    begun.answer()
    url = begun.accept()
    town.provider.control(wrong_amount=True)
    page = begun.get(begun.pay(url))
    assert "/kvittering/" not in page.request.path
    assert town.counts() == (1, 0)


def test_safe_headers_on_every_answer(begun):
    for path, status in [
        ("/", 200),
        ("/sundhedskort", 200),
        ("/sundhedskort/trin/person", 200),
        ("/ingenting", 404),
        ("/-/static/plain.css", 200),
    ]:
        answer = begun.app.get(path, status=status)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if "static" not in path:
            assert answer.headers["Cache-Control"] == "no-store"


def test_every_view_is_for_citizens_unless_listed(town):
    """The routes anybody may use, taken from Pyramid itself: a new one fails here."""
    introspector = town.app.registry.introspector
    public = {
        (view["introspectable"]["route_name"])
        for view in introspector.get_category("views")
        if _permission(view) == "__no_permission_required__"
    }
    public.discard(None)
    assert public == {
        "asset",
        "health",
        "health-live",
        "health-ready",
        # How staff log in, and that there is nothing else below their address.
        "staff-login",
        "staff-session",
        "staff-ended",
        # Where a login provider sends the browser back to.
        "logged-out",
        "staff-logged-out",
        "staff-nothing",
        "home",
        # Shown in frames, if the municipality wants it; nobody is logged in there.
        "framed-home",
        "framed-intro",
        "intro",
        "start",
        # A blank to fill in, of those that the solution offers: the same for everybody.
        "template",
        "paper",
        "message",
        "payment-return",
        # The same for one who uses a solution without login.
        "guest-payment-return",
        "guest-status",
        "resume",
        "session-status",
        "session-ended",
        "session-ended-in",
        "was",
    }


def _permission(view):
    found = [r for r in view["related"] if r.category_name == "permissions"]
    return found[0]["value"] if found else None
