"""Operators' pages: who gets in, what they see, and what their buttons do."""

from __future__ import annotations

import datetime
import re
from urllib.parse import urlsplit

import pytest
from pyramid.interfaces import IRoutesMapper
from pyramid.security import NO_PERMISSION_REQUIRED

from selvbetjening_core.journey.records import Attempt, DeliveryState, WaivedAs
from selvbetjening_core.journey.session_limits import STAFF_LIMITS
from selvbetjening_core.testing import cases
from selvbetjening_core.values import Outcome, OutcomeKind
from selvbetjening_core.web.staff.place import STAFF_PATH
from walking.troubles import make_troubles, many

OPERATOR, NO_ROLE, ELSEWHERE = "demo-kirsten", "demo-jens", "demo-lise"
REAL_IDS = {"delivery": "refused", "receiver": "journal", "submission": "s-refused"}
OPEN_TO_ALL = {
    "staff-login",
    "staff-session",
    "staff-ended",
    "staff-logged-out",
    "staff-nothing",
}
FOR_ANY_STAFF = {"staff-logout", "staff-prolong", "staff-help"}
TAKEN = {**dict.fromkeys(FOR_ANY_STAFF, "staff"), "staff-audit": "auditor"}
"""What a view takes that takes something else than an operator."""


@pytest.fixture
def busy(town):
    """A town where deliveries are in every kind of trouble."""
    make_troubles(town.application)
    return town


def log_in(town, who=OPERATOR, name="mors", status=200, **more):
    """A browser in which somebody of the staff has logged in."""
    browser = town.browser(name)
    browser.get("/-/drift", 403)
    return come_in(browser, who, status, **more)


def come_in(browser, who, status=200, **more):
    away = form_to(browser, "log-ind").submit(status=303)
    browser.at_login(away.location, status, person=who, level="substantial", **more)
    return browser


def staff_routes(town):
    """The name, the path with real ids and the methods of every route for staff."""
    mapper = town.app.registry.getUtility(IRoutesMapper)
    introspector = town.app.registry.introspector
    for route in mapper.get_routes():
        if not route.path.startswith(STAFF_PATH):
            continue
        views = [
            one["introspectable"]
            for one in introspector.get_category("views")
            if one["introspectable"]["route_name"] == route.name
        ]
        methods = {method for view in views for method in _methods(view["request_methods"])}
        path = route.path.replace("*rest", "none").replace("{reason}", "inaktiv")
        yield route.name, path.format(**REAL_IDS), methods, views


def _permission(town, view):
    related = town.app.registry.introspector.related(view)
    return next(one["value"] for one in related if one.category_name == "permissions")


def _methods(given):
    return (given,) if isinstance(given, str) else given or ("GET", "POST")


def test_every_route_and_kind_of_actor(busy):
    """Generated from Pyramid's own list of routes; nobody is let in by being forgotten."""
    nobody, citizen = busy.browser(), busy.browser()
    citizen.log_in("anders")
    no_role, elsewhere = log_in(busy, NO_ROLE, status=403), log_in(busy, ELSEWHERE, status=403)
    aarhus, operator = log_in(busy, OPERATOR, "aarhus"), log_in(busy)
    seen = {name for name, *_ in staff_routes(busy)}
    assert {"staff", "staff-delivery", "staff-retry", "staff-waive", "staff-pause"} <= seen
    for name, path, methods, _ in staff_routes(busy):
        if name in OPEN_TO_ALL | FOR_ANY_STAFF or "GET" not in methods:
            continue
        for outsider in (nobody, citizen, no_role, elsewhere):
            assert outsider.app.get(path, status="*").status_int == 403, name
        # In their own municipality there is no such thing.
        is_theirs = "{delivery}" in _pattern(busy, name) or "{submission}" in _pattern(busy, name)
        expected = 404 if is_theirs else 200
        assert aarhus.app.get(path, status="*").status_int == expected, name
        assert operator.app.get(path, status="*").status_int == 200, name


def _pattern(town, name):
    return town.app.registry.getUtility(IRoutesMapper).get_route(name).path


def test_every_view_for_staff_declares_what_it_takes(busy):
    for name, _, _, views in staff_routes(busy):
        for view in views:
            taken = TAKEN.get(name, "operator")
            expected = NO_PERMISSION_REQUIRED if name in OPEN_TO_ALL else taken
            assert _permission(busy, view) == expected, name


def test_no_post_is_taken_without_our_token(busy):
    operator = log_in(busy)
    nobody = busy.browser()
    before = state_of(busy)
    posts = [(n, p) for n, p, methods, _ in staff_routes(busy) if "POST" in methods]
    assert len(posts) > 6
    for name, path in posts:
        for browser in (operator, nobody):
            sent = {"csrf_token": "x" * 43, "how": "by_hand", "why": "x", "sure": "1"}
            assert browser.app.post(path, sent, status="*").status_int in (403, 404), name
            assert browser.app.post(path, {"x": "y"}, status="*").status_int in (403, 404), name
    assert state_of(busy) == before


def state_of(town, code="0773"):
    with town.work(code) as work:
        rows = [work.deliveries.get(one) for one in ("refused", "doubtful", "given-up", "late")]
        return rows, work.receivers.all()


def test_a_token_of_the_citizens_session_is_worth_nothing(busy):
    citizen = busy.browser()
    citizen.log_in("anders")
    citizen.get("/sundhedskort")
    token = citizen.main_form()["csrf_token"].value
    sent = citizen.app.post("/-/drift/modtager/journal/start", {"csrf_token": token}, status="*")
    assert sent.status_int == 403


def test_a_login_of_staff_is_none_of_a_citizen(busy):
    """The same browser may have both; neither opens what is the other's."""
    browser = log_in(busy)
    assert browser.app.get("/sundhedskort/opsummering", status="*").status_int == 403
    browser.log_in("anders")
    assert "Anders" not in browser.get("/-/drift").text
    assert "Kirsten" not in browser.get("/sundhedskort").text


def test_a_citizens_component_logs_no_staff_in(busy):
    """What the provider says at one component's address is for that component alone."""
    browser = busy.browser()
    browser.get("/-/drift", 403)
    away = form_to(browser, "log-ind").submit(status=303)
    page = browser.at_login(away.location, person=OPERATOR, level="substantial")
    assert page.request.path == "/-/drift"
    used = browser.login_return
    other = busy.browser()
    assert other.app.get(used.replace("/staff?", "/login?"), status="*").status_int == 403
    assert other.app.get(used, status="*").status_int == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": "https://elsewhere.example"},
        {"recipient": "https://elsewhere.example/-/messages/staff"},
        {"in_response_to": "another"},
        {"issuer": "another-idp"},
        {"algorithm": "none"},
        {"level": "low"},
        {"staff": None},
        {"staff": "2512484916"},
        {"staff": "demo 251248-4916"},
        {"name": None},
        {"municipalities": None},
        {"municipalities": "0751"},
        {"municipalities": "07731"},
    ],
)
def test_what_is_wrong_with_a_login_is_a_refusal(busy, wrong):
    _misbehave(busy, wrong)
    browser = log_in(busy, status=403)
    assert browser.app.get("/-/drift", status="*").status_int == 403
    with busy.work() as work:
        events = [line.event for line in work.audit.about("staff")]
    assert "staff-login" not in events


def _misbehave(town, wrong):
    town.provider.control(claims=wrong)


def test_an_unknown_role_gives_no_right(busy):
    _misbehave(busy, {"roles": "admin Operator operators root"})
    assert log_in(busy, status=403).page.status_int == 403


def test_where_no_component_logs_staff_in_there_are_no_pages(make_town, installation):
    file = installation / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    file.write_text(re.sub(r"staff_login .*\n", "", text), "utf-8")
    town = make_town()
    browser = town.browser()
    for _, path, methods, _ in staff_routes(town):
        for method in methods:
            found = browser.app.request(path, method=method, status="*")
            assert found.status_int in (400, 404), path
    assert browser.app.get("/-/drift/log-ind", status="*").status_int == 404
    assert 'href="/"' in browser.app.get("/-/drift", status=404).text
    # The other municipality has them still.
    log_in(town, OPERATOR, "aarhus")


def test_the_session_ends_by_itself_and_by_logging_out(busy):
    browser = log_in(busy)
    busy.clock.ahead += STAFF_LIMITS.idle + datetime.timedelta(seconds=1)
    assert "Log ind som medarbejder" in browser.get("/-/drift", 403).text
    busy.clock.ahead = datetime.timedelta()
    browser = log_in(busy)
    cookie = dict(browser.app.cookies)
    assert "Du er logget af" in browser.log_out().text
    browser.app.cookies.update(cookie)
    again = busy.browser()
    for name, value in cookie.items():
        again.app.set_cookie(name, value)
    assert again.app.get("/-/drift", status="*").status_int == 403


def test_a_new_login_is_a_new_session(busy):
    browser = log_in(busy)
    before = browser.app.cookies["selvbetjening-staff-0773"]
    browser.get("/-/drift/log-ind")
    come_in(browser, OPERATOR)
    assert browser.app.cookies["selvbetjening-staff-0773"] != before


def test_cookies_are_kept_from_scripts_and_from_plain_http(busy):
    browser = busy.browser()
    browser.app.extra_environ["wsgi.url_scheme"] = "https"
    answer = browser.app.get("/-/drift/log-ind")
    for cookie in answer.headers.getall("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "secure" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


def test_the_overview_tells_by_receiver(busy):
    page = log_in(busy).page
    lines = [
        [" ".join(cell.get_text(" ").split()) for cell in line.find_all(["th", "td"])]
        for line in page.html.select("table.table tbody tr, table.lines tbody tr")
    ]
    assert [line[0] for line in lines] == ["journal", "post"]
    assert lines[0][1:3] == ["2", "2"]
    assert lines[1][1:3] == ["0", "1"]
    assert "På pause" in lines[1][4]
    assert "3 leveringer kræver handling" in page.text


def test_no_page_says_anything_about_a_citizen(busy):
    """Not even what a careless receiver repeated in its answer."""
    case = cases.a_case()
    person = case.parties.actor
    with busy.work() as work:
        begun = work.deliveries.get("refused").created_at
        careless = f"422 {person.cpr.reveal()} {person.name} {person.address.lines[0]} 010190-1234"
        _answer(work, begun, careless)
    browser = log_in(busy)
    pages = [p for n, p, m, _ in staff_routes(busy) if "GET" in m and n not in OPEN_TO_ALL]
    told = "".join(browser.app.get(path).text for path in pages)
    assert "422" in told
    for secret in (person.cpr.reveal(), person.name, person.address.lines[0], "010190-1234"):
        assert secret not in told
    with busy.work() as work:
        kept = work.deliveries.attempts("refused")[-1].evidence
    assert person.name in kept  # The negative control: it was there to be told.


def _answer(work, begun, evidence):
    work.deliveries.begin_attempt(Attempt("refused", 2, "folder", "1.0.0", begun))
    outcome = Outcome(OutcomeKind.PERMANENT, evidence)
    work.deliveries.end_attempt("refused", 2, outcome, begun)


def test_the_list_is_paged_by_key(busy):
    many(busy.application, 60)
    browser = log_in(busy)
    seen = []
    page = browser.get("/-/drift/leveringer?vis=parked")
    for _ in range(5):
        seen += [a.get_text() for a in page.html.select("tbody th a")]
        following = page.html.find("a", string="Vis de næste")
        if following is None:
            break
        page = browser.get(following["href"])
    assert len(seen) == len(set(seen)) == 63
    assert browser.app.get("/-/drift/leveringer?vis=none", status="*").status_int == 404
    assert browser.app.get("/-/drift/leveringer?efter=x", status="*").status_int == 404


def test_the_export_is_the_list(busy):
    many(busy.application, 3)
    answer = log_in(busy).app.get("/-/drift/leveringer.csv?vis=parked")
    assert answer.content_type == "text/csv"
    head, *lines = answer.body.decode("utf-8-sig").splitlines()
    assert head.startswith("Levering;Kvitteringsnummer;Løsning;Leveres til;Modtager;Tilstand")
    assert len(lines) == 6
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="ikke-kommet-frem'
    )


def test_a_delivery_is_tried_again(busy):
    browser = log_in(busy)
    browser.get("/-/drift/levering/refused")
    browser.submit(form=form_to(browser, "proev-igen"))
    assert "bliver prøvet igen nu" in browser.page.text
    assert "Prøvede igen" in browser.page.text
    assert "demo-kirsten" in browser.page.text
    assert row(busy, "refused").state is DeliveryState.WAITING
    assert busy.application.engine.drain() == 1


def form_to(browser, word):
    return next(form for form in browser.forms() if form.action.endswith(word))


def row(town, delivery_id):
    with town.work() as work:
        return work.deliveries.get(delivery_id)


def test_what_may_have_arrived_is_not_tried_before_somebody_has_looked(busy):
    browser = log_in(busy)
    page = browser.get("/-/drift/levering/doubtful")
    assert not [form for form in browser.forms() if form.action.endswith("proev-igen")]
    browser.get(page.html.find("a", string="Prøv igen nu")["href"])
    browser.submit(form=form_to(browser, "proev-igen"))
    assert "Svar, om du har kigget" in browser.page.text
    assert row(busy, "doubtful").state is DeliveryState.PARKED
    form = form_to(browser, "proev-igen")
    form["looked"] = "1"
    browser.submit(form=form)
    assert row(busy, "doubtful").state is DeliveryState.WAITING


def test_a_delivery_is_moved(busy):
    browser = log_in(busy)
    browser.get("/-/drift/levering/refused/flyt")
    browser.submit(form=form_to(browser, "flyt"))
    assert "Vælg en ny modtager" in browser.page.text
    form = form_to(browser, "flyt")
    form["receiver"] = "post"
    browser.submit(form=form)
    assert row(busy, "refused").component == "post"
    assert "journal -&gt; post" in browser.page.text


def test_giving_up_says_first_what_will_happen(busy):
    browser = log_in(busy)
    browser.get("/-/drift/levering/refused/opgiv")
    form = form_to(browser, "opgiv")
    form["why"] = "Borgeren 251248-4916 ringede"
    browser.submit(form=form)
    assert "uden CPR-nummer" in browser.page.text
    assert "Vælg, hvad der sker i stedet" in browser.page.text
    form = form_to(browser, "opgiv")
    form["how"], form["why"] = "not_carried_out", "Borgeren har fortrudt"
    browser.submit(form=form)
    assert "Er du sikker på" in browser.page.text
    assert row(busy, "refused").state is DeliveryState.PARKED
    browser.submit(form=form_to(browser, "opgiv"))
    found = row(busy, "refused")
    assert (found.state, found.waived_as) == (DeliveryState.WAIVED, WaivedAs.NOT_CARRIED_OUT)
    assert "Borgeren har fortrudt" in browser.page.text
    assert "Prøv igen nu" not in browser.page.text


def test_what_a_colleague_did_first_is_told(busy):
    browser = log_in(busy)
    browser.get("/-/drift/levering/refused")
    form = form_to(browser, "proev-igen")
    with busy.work() as work:
        now = work.now()
        work.deliveries.lock("refused")
        work.deliveries.move("refused", DeliveryState.DELIVERED, now)
    browser.submit(409, form=form)
    assert "ændret imens" in browser.page.text


def test_a_receiver_is_paused_and_set_going(busy):
    browser = log_in(busy)
    browser.get("/-/drift/modtager/journal")
    browser.submit(form=form_to(browser, "/pause"))
    assert "Skriv en begrundelse" in browser.page.text
    form = form_to(browser, "/pause")
    form["why"] = "Opgraderes"
    browser.submit(form=form)
    assert "er på pause" in browser.page.text
    with busy.work() as work:
        assert work.receivers.get("journal").paused_by == OPERATOR
    browser.submit(form=form_to(browser, "/start"))
    with busy.work() as work:
        assert work.receivers.get("journal").paused_at is None
        events = [line.event for line in work.audit.about("journal")]
    assert events == ["receiver-paused", "receiver-resumed"]
    assert browser.app.get("/-/drift/modtager/nothing", status="*").status_int == 404


@pytest.mark.parametrize("written", ["2026-REFUSED", " 2026-refused "])
def test_a_submission_is_found_by_its_receipt_number(busy, written):
    browser = log_in(busy)
    found = browser.submit(form=form_to(browser, "/find"), number=written)
    assert found.request.path == "/-/drift/henvendelse/s-refused"


def test_a_submission_is_found_by_its_code(busy):
    with busy.work() as work:
        code = work.submissions.head("s-refused").enquiry_code
    browser = log_in(busy)
    found = browser.submit(form=form_to(browser, "/find"), number=code.lower().replace("-", " "))
    assert found.request.path == "/-/drift/henvendelse/s-refused"


def test_what_is_searched_for_is_in_no_address(busy):
    browser = log_in(busy)
    found = browser.submit(form=form_to(browser, "/find"), number="251248-4916")
    assert "Vi kender hverken" in found.text
    assert "4916" not in found.request.url
    assert urlsplit(found.request.url).query == ""
    assert "Skriv et kvitteringsnummer" in browser.submit(form=form_to(browser, "/find")).text


def test_english(busy):
    browser = busy.browser()
    browser.get("/en/-/drift", 403)
    come_in(browser, OPERATOR)
    assert browser.page.request.path == "/en/-/drift"
    assert "What has not arrived?" in browser.page.text


@pytest.mark.parametrize(("language", "next_button"), [("", "»Næste«"), ("/en", "“Next”")])
def test_the_warning_before_the_end_speaks_of_what_staff_do(busy, language, next_button):
    """A citizen sends a step; a member of staff has none."""
    staff = log_in(busy)
    citizen = busy.browser()
    citizen.log_in("kirsten")
    for browser, path, is_citizen in (
        (staff, "/-/drift", False),
        (citizen, "/sundhedskort", True),
    ):
        browser.get(f"{language}{path}")
        dialogue = browser.page.html.find(id="session").get_text(" ", strip=True)
        assert (next_button in dialogue) is is_citizen
