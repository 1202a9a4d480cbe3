"""A citizen orders a health card, in both municipalities, in every way it can go."""

from __future__ import annotations

import datetime
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from selvbetjening_core.journey.payments import settle
from selvbetjening_core.store.drafts import SqlDrafts
from selvbetjening_core.store.payments import SqlPayments


def holders(page):
    """The people who can be chosen: value by label."""
    found = page.html.find_all("input", {"name": "holder"})
    return {
        page.html.find("label", {"for": one["id"]}).get_text(strip=True): one["value"]
        for one in found
    }


def child(page, name):
    return next(value for label, value in holders(page).items() if label.startswith(name))


def delivered_case(town, code="0773"):
    (file,) = town.journal(code)
    return json.loads(file.read_text("utf-8"))["case"]


@pytest.mark.parametrize(
    ("name", "code", "method"),
    [("mors", "0773", "Betalingskort (demo)"), ("aarhus", "0751", "Mobilbetaling (demo)")],
)
def test_paid_and_delivered(town, name, code, method):
    browser = town.browser(name)
    browser.log_in("kirsten")
    assert "225,00" in browser.answer()
    receipt = browser.get(browser.pay(browser.accept()))
    assert "/kvittering/" in receipt.request.path
    for shown in ("Kirsten Test Berggren", "225,00", method, "Kortet er blevet væk"):
        assert shown in receipt
    assert town.application.engine.drain() == 2
    case = delivered_case(town, code)
    assert case["payment"]["ore"] == 22500
    assert case["parties"]["principal"]["name"] == "Kirsten Test Berggren"
    assert case["parties"]["basis"] == "self"
    assert case["received_at"]
    assert len(town.mailbox.mails) == 1
    assert town.counts(code) == (1, 1)
    status = browser.get(f"{receipt.request.path}/status")
    assert status.text.count("Kommet frem") == 2


def test_the_municipalities_differ_in_texts_and_component(town):
    mors, aarhus = town.browser("mors"), town.browser("aarhus")
    receipts = []
    for browser in (mors, aarhus):
        browser.log_in("kirsten")
        browser.answer()
        receipts.append(browser.get(browser.pay(browser.accept())))
    assert "inden for 4 uger" not in receipts[0]
    assert "inden for 4 uger" in receipts[1]


def test_each_thing_to_have_ready_stands_by_itself(town):
    page = town.browser("mors").get("/sundhedskort")
    heading = page.html.main.find("h2", string="Hav det her klar")
    things = [one.get_text() for one in heading.find_next_sibling("ul").find_all("li")]
    assert [thing.split(",")[0] for thing in things] == ["Dit gamle kort", "Et betalingskort"]


def test_what_the_municipality_wrote_in_danish_is_said_to_be_so(town):
    browser = town.browser("mors")
    for path, language in (("/", None), ("/en/", "da")):
        hours = browser.get(path).html.footer.find(string="Mandag-fredag kl. 10-14").parent
        assert hours.get("lang") == language


@pytest.mark.parametrize("name", ["mors", "aarhus"])
def test_free_of_charge(town, name):
    browser = town.browser(name)
    browser.log_in("kirsten")
    assert "Gratis" in browser.answer(cause="married")
    receipt = browser.submit()
    assert "/kvittering/" in receipt.request.path
    assert "Gratis" in receipt
    town.application.engine.drain()
    code = {"mors": "0773", "aarhus": "0751"}[name]
    assert delivered_case(town, code)["payment"]["ore"] == 0


@pytest.mark.parametrize(("name", "price"), [("mors", "Gratis"), ("aarhus", "225,00")])
def test_a_child_under_15_is_free_where_the_municipality_says_so(town, name, price):
    browser = town.browser(name)
    lars = child(browser.log_in("kirsten"), "Lars")
    assert price in browser.answer(holder=lars)


@pytest.mark.parametrize(("name", "code"), [("mors", "0773"), ("aarhus", "0751")])
def test_for_a_child(town, name, code):
    browser = town.browser(name)
    gitte = child(browser.log_in("kirsten"), "Gitte")
    summary = browser.answer(holder=gitte)
    assert "Gitte Nancy Test Berggren" in summary
    receipt = browser.get(browser.pay(browser.accept()))
    assert "Gitte Nancy Test Berggren" in receipt
    assert "forældremyndighed" in receipt
    town.application.engine.drain()
    parties = delivered_case(town, code)["parties"]
    assert parties["basis"] == "custody"
    assert parties["actor"]["name"] == "Kirsten Test Berggren"
    assert parties["principal"]["name"] == "Gitte Nancy Test Berggren"


def test_custody_and_a_shared_address_are_two_facts(town):
    def names(person):
        return " ".join(holders(town.browser().log_in(person)))

    kirsten = names("kirsten")
    assert all(name in kirsten for name in ("Gitte Nancy", "Lars", "Aya"))
    # Rikke is her daughter, but lives with her guardian, who has custody.
    assert "Rikke" not in kirsten
    assert "Rikke" in names("ruddi")
    # The grandmother shares the address and has no custody.
    nancy = names("nancy_ann")
    assert "Nancy Ann" in nancy
    assert "Aya" not in nancy


def test_from_15_the_child_orders_for_itself(town):
    page = town.browser().log_in("juliane")
    assert any("Juliane" in label for label in holders(page))


def test_under_15_is_told_what_to_do(town):
    browser = town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    page = browser.at_login(away.location, status=403, person="bo", level="substantial")
    assert not holders(page)
    assert "Man skal være fyldt 15 år" in page
    assert "Bed en af dine forældre" in page


@pytest.mark.parametrize(("name", "code"), [("mors", "0773"), ("aarhus", "0751")])
def test_declined_then_paid(town, name, code):
    browser = town.browser(name)
    browser.log_in("kirsten")
    browser.answer()
    page = browser.get(browser.pay(browser.accept(), "decline"))
    assert "Der er ikke trukket penge" in page
    assert town.counts(code) == (1, 0)
    summary = browser.submit()
    assert "225,00" in summary
    receipt = browser.get(browser.pay(browser.accept()))
    assert "/kvittering/" in receipt.request.path
    assert town.counts(code) == (1, 1)


def test_cancelled_at_the_provider(town):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    page = browser.get(browser.pay(browser.accept(), "cancel"))
    assert "Du afbrød betalingen" in page
    assert "Der er ikke trukket penge" in page
    assert not town.journal()


def test_late(town, eventually):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    page = browser.get(browser.pay(browser.accept(), "late"))
    assert "Vi venter på svar om din betaling" in page
    assert town.counts() == (1, 0)
    # The citizen has nothing more to do: the provider's message submits.
    eventually(lambda: town.counts() == (1, 1))
    receipt = browser.submit(form=browser.form_with(action="check"))
    assert "/kvittering/" in receipt.request.path


def test_paid_and_the_browser_closed(town, eventually):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    assert browser.pay(browser.accept(), "message_only") == ""
    eventually(lambda: town.counts() == (1, 1))
    town.application.engine.drain()
    assert delivered_case(town)["payment"]["ore"] == 22500


def test_paid_without_message_or_return_is_found_by_asking(town):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    browser.pay(browser.accept(), "silent")
    assert town.counts() == (1, 0)
    assert town.application.reconcile() == 0
    town.clock.ahead = datetime.timedelta(minutes=2)
    assert town.application.reconcile() == 1
    assert town.counts() == (1, 1)
    assert town.application.reconcile() == 0


def test_two_messages_submit_once(town, eventually):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    back = browser.pay(browser.accept(), "twice")
    receipt = browser.get(back)
    eventually(lambda: len([m for m in town.provider.messages() if m["answers"]]) == 2)
    assert all(message["answers"] == [200] for message in town.provider.messages())
    assert town.counts() == (1, 1)
    town.application.engine.drain()
    assert len(town.journal()) == 1
    again = browser.get(back)
    assert again.request.path == receipt.request.path


def test_give_up_a_payment_and_change_an_answer(town):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    browser.accept()
    page = browser.get("/sundhedskort/betaling")
    summary = browser.submit(form=browser.form_with(action="give_up"))
    assert "225,00" in summary
    assert page.status_int == 200
    browser.get("/sundhedskort/trin/reason?ret")
    assert "Gratis" in browser.submit(cause="married")


def test_the_provider_is_down_when_the_citizen_wants_to_pay(town):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    town.provider.control(down=True)
    page = browser.submit()
    assert "Du kan ikke betale lige nu" in page
    assert "ikke trukket penge" in page
    town.provider.control(down=False)
    away = browser.form_with(action="continue").submit(status=303)
    receipt = browser.get(browser.pay(away.location))
    assert "/kvittering/" in receipt.request.path


def test_the_login_is_down(town):
    browser = town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    town.provider.control(down=True)
    assert away.location.startswith(town.provider.url)
    page = browser.get("/-/messages/login?token=whatever", status=503)
    assert "Du kan ikke logge ind lige nu" in page
    assert town.counts() == (0, 0)


def test_without_the_register_the_citizen_can_still_order(make_town, installation):
    file = installation / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"demo_register"', '"demo_register"\nfailure = "down"'), "utf-8")
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    summary = browser.answer()
    assert "Vi kunne ikke hente oplysningen" in summary
    receipt = browser.get(browser.pay(browser.accept()))
    assert "Kirsten Test Berggren" in receipt


def test_in_english(town):
    browser = town.browser()
    browser.get("/en/sundhedskort")
    away = browser.main_form().submit(status=303)
    page = browser.at_login(away.location, person="kirsten", level="substantial")
    assert page.request.path.startswith("/en/sundhedskort/trin/")
    summary = browser.answer()
    assert "The card is lost or stolen" in summary
    receipt = browser.get(browser.pay(browser.accept()))
    assert receipt.request.path.startswith("/en/kvittering/")
    assert "DKK 225.00" in receipt
    assert receipt.html.html["lang"] == "en"


def test_under_a_route_prefix(town):
    browser = town.browser("nobody-in-particular")
    browser.host = f"localhost:{town.port}"
    browser.app.extra_environ["HTTP_HOST"] = browser.host
    assert "Morsø Kommune" in browser.get("/")
    browser.get("/mors/sundhedskort")
    away = browser.main_form().submit(status=303)
    page = browser.at_login(away.location, person="kirsten", level="substantial")
    assert page.request.path.startswith("/mors/sundhedskort/trin/")
    browser.answer()
    receipt = browser.get(browser.pay(browser.accept()))
    assert receipt.request.path.startswith("/mors/kvittering/")


def test_one_start_and_one_completion_whatever_is_reloaded(town):
    browser = town.browser()
    first = browser.log_in("kirsten")
    for _ in range(3):
        browser.get(first.request.path)
    browser.get("/sundhedskort")
    browser.submit()
    assert town.counts() == (1, 0)
    browser.answer(holder="self")
    receipt = browser.get(browser.pay(browser.accept()))
    for _ in range(3):
        browser.get(receipt.request.path)
    assert town.counts() == (1, 1)
    # Another order is another journey, made by asking for it.
    browser.get("/sundhedskort")
    page = browser.submit()
    assert "Du har allerede sendt" in page
    assert town.counts() == (1, 1)
    browser.submit()
    assert town.counts() == (2, 1)


def test_answers_are_kept_and_resumed_in_another_browser(town):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.submit(holder="self")
    other = town.browser()
    page = other.log_in("kirsten")
    assert page.request.path.endswith("/trin/reason")
    back = other.get("/sundhedskort/trin/person")
    form = next(f for f in back.forms.values() if "holder" in f.fields)
    assert form["holder"].value == "self"


def read_pdf(document):
    pdf = pypdfium2.PdfDocument(document.body)
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return text


def read_html(document):
    return BeautifulSoup(document.text, "html.parser").get_text(" ")


@pytest.mark.parametrize(
    ("plugin", "media_type", "read"),
    [
        ("pdf_receipt", "application/pdf", read_pdf),
        ("html_receipt", "text/html", read_html),
    ],
)
def test_the_receipt_document_holds_every_answer(make_town, installation, plugin, media_type, read):
    file = installation / "municipalities" / "0773.toml"
    own = file.read_text("utf-8").replace('plugin   = "pdf_receipt"', f'plugin   = "{plugin}"')
    if plugin == "html_receipt":  # which has no logo
        own = own.replace('logo     = "logos/0773.svg"\n', "")
    file.write_text(own, "utf-8")
    browser = make_town().browser()
    browser.log_in("kirsten")
    browser.answer(cause="new_doctor", doctor="Lægehuset »Søen« & co <1>")
    receipt = browser.get(browser.pay(browser.accept()))
    document = browser.app.get(f"{receipt.request.path}/dokument")
    assert document.content_type == media_type
    text = read(document)
    for shown in ("Lægehuset »Søen« & co <1>", "225,00", "Kirsten Test Berggren"):
        assert shown in text
    assert receipt.html.find(string=lambda s: s and "Lægehuset »Søen« & co <1>" in s)


def test_an_old_receipt_keeps_its_old_fee(make_town, own_solution):
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    receipt = browser.get(browser.pay(browser.accept()))
    path = receipt.request.path

    text = own_solution.read_text("utf-8")
    own_solution.write_text(text.replace('"225.00"', '"230.00"'), "utf-8")
    later = make_town()
    browser.app.app = later.app
    assert "225,00" in browser.get(path)
    newcomer = later.browser()
    newcomer.log_in("ruddi")
    assert "230,00" in newcomer.answer()


def pay_in_silence(town):
    """Order and pay, so that nobody has told us of it yet."""
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    browser.pay(browser.accept(), "silent")
    with town.work() as work:
        (payment,) = work.payments.unsettled(town.clock() + datetime.timedelta(hours=1))
    return payment


def settle_five_times_at_once(town, payment):
    start = threading.Barrier(5)

    def learn(_):
        start.wait()
        return settle(town.application.journey("0773"), payment.id).status

    with ThreadPoolExecutor(5) as pool:
        return set(pool.map(learn, range(5)))


def test_return_and_message_at_once_submit_once(town):
    """Five threads learn of the same payment at the same moment, three times over."""
    for done in range(1, 4):
        assert settle_five_times_at_once(town, pay_in_silence(town)) == {"paid"}
        assert town.counts() == (done, done)
        with town.work() as work:
            assert not work.payments.unsettled(town.clock())
        town.application.engine.drain()
        assert len(town.journal()) == done


def test_that_test_can_fail(town, monkeypatch):
    """Without the two one-way books every thread would submit; the keys of the tables object."""
    honest = SqlPayments.record

    def forgetful(self, payment_id, state, now):
        honest(self, payment_id, state, now)
        return True

    monkeypatch.setattr(SqlPayments, "record", forgetful)
    monkeypatch.setattr(SqlDrafts, "mark_submitted", lambda *_: True)
    with pytest.raises(ValueError, match="stored already"):
        settle_five_times_at_once(town, pay_in_silence(town))
