"""Files from the form to the receiver, without script; and all that is to be refused."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import http.client
import json
import socket
import threading

import clamd as real_clamd
import pytest
import waitress
from upload_files import EICAR, JPG, LOCKED_OFFICE, LOCKED_PDF, PDF, TEXT, bomb, docx, lying_bomb

from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_clamav.plugin import ClamavScanner
from selvbetjening_core.errors import ConfigurationError, Unavailable
from selvbetjening_core.journey import uploads
from selvbetjening_core.journey.audit import AuditWanted
from selvbetjening_core.restoring import back_up_store, restore_backup
from selvbetjening_core.testing import Fault
from selvbetjening_core.upkeep.erase_list import EraseList
from selvbetjening_core.upkeep.retention import Cleaning
from selvbetjening_core.web import received
from selvbetjening_core.web.limits.server import answer_with_pages, server_limits
from selvbetjening_demo.provider.server import stop_server

DEFINITION = """
[solution]
version = "1"
title.da = "Send papirer"
title.en = "Send papers"
languages = ["da", "en"]
kle = "27"
minutes = 5
level = "substantial"
may_act = ["self"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."
en = "Then you are done."

[text.purpose]
da = "Her kan du prøve."
en = "Here you can try."

[text.alternative]
da = "Ring til os."
en = "Call us."

[step.papers]
title.da = "Papirer"
title.en = "Papers"

[step.papers.why]
kind = "text"
max_length = 20
label.da = "Hvorfor"
label.en = "Why"

[step.papers.proof]
kind = "files"
label.da = "Bilag"
label.en = "Proof"
types = ["pdf", "jpg", "docx", "txt"]
most = 2
size = 1

[step.papers.more]
kind = "files"
label.da = "Andet"
label.en = "Other"
required = false

[[destination]]
role = "case_system"
"""
LATER = datetime.timedelta(days=400)


@pytest.fixture
def clamd():
    with ClamdCounterpart() as running:
        yield running


@pytest.fixture
def town(own_solution, installation, make_town, clamd):
    hosted = f'host = "127.0.0.1"\nport = {clamd.port}\nseconds = 1'
    asks_for_papers(own_solution, installation, hosted)
    return make_town()


def asks_for_papers(own_solution, installation, clamd):
    """A solution that asks for files, and a scanner that reaches clamd by these settings."""
    folder = own_solution.parent.parent / "papers"
    folder.mkdir()
    (folder / "solution.toml").write_text(DEFINITION, "utf-8")
    plugin_set = installation / "plugin_sets" / "standard.toml"
    text = plugin_set.read_text("utf-8").replace('"folder",', '"folder", "clamav",')
    plugin_set.write_text(f"{text}\n[plugin.clamav]\n{clamd}\n", "utf-8")
    for file in (installation / "municipalities").glob("*.toml"):
        text = file.read_text("utf-8").replace("[roles]", '[roles]\nscanner = "looks"')
        more = '\n[component.looks]\nplugin = "clamav"\n\n[solutions.papers]\n'
        file.write_text(text + more, "utf-8")


@pytest.fixture
def browser(town):
    one = town.browser()
    one.log_in("kirsten", solution="papers")
    one.get("/papers/trin/papers")
    return one


def send(browser, *files, do="", status=200, **fields):
    """Send the step as a browser does that has no script; ``do`` is the button."""
    hidden = browser.page.html.find("main").find_all("input", {"type": "hidden"})
    pairs = [(one["name"], one["value"]) for one in hidden] + list(fields.items())
    pairs += [("do", do)] if do else []
    reply = browser.app.post(
        browser.page.request.path,
        pairs,
        upload_files=list(files) or [("proof", "", b"")],
        status="*",
    )
    browser.page = reply.follow() if reply.status_int == 303 else reply
    assert browser.page.status_int == status, browser.page.text
    return browser.page


def upload(browser, name, content, field="proof", **fields):
    return send(browser, (field, name, content), do=f"{field}:upload", **fields)


def told(page):
    summary = page.html.find(class_="error-summary")
    return [a.get_text() for a in summary.find_all("a")] if summary else []


def shown(page):
    return [one.get_text(strip=True) for one in page.html.find_all(class_="file-name")]


def on_disk(town, code="0773"):
    folder = town.folder / "var" / "files" / code
    return sorted(folder.iterdir()) if folder.is_dir() else []


def rows(town):
    with town.work() as work:
        return work.uploads.known([path.name for path in on_disk(town)])


def lines(town):
    with town.work() as work:
        return [one for one in work.audit.lines(AuditWanted()) if one.event.startswith("file-")]


def test_a_file_goes_all_the_way_and_nothing_typed_is_lost(town, browser):
    form = browser.main_form()
    assert form.enctype == "multipart/form-data"
    page = upload(browser, "Kvittering æ.pdf", PDF, why="en alt for lang begrundelse")
    assert not told(page)
    assert shown(page) == ["Kvittering æ.pdf (1 kB)"]
    assert browser.main_form()["why"].value == "en alt for lang begrundelse"
    page = send(browser, ("proof", "billede.jpg", JPG), why="Derfor")
    assert page.request.path == "/papers/opsummering", told(page)
    assert "Kvittering æ.pdf (1 kB)\nbillede.jpg (1 kB)" in page.html.find("main").get_text()
    page = browser.submit()
    assert page.request.path.startswith("/kvittering")
    assert "billede.jpg" in page.text
    town.application.engine.drain()
    (file,) = town.journal()
    delivered = json.loads(file.read_text("utf-8"))
    assert [
        (one["file"], one["name"], one["media_type"], one["sha256"])
        for one in delivered["attachments"]
    ] == [
        (
            "attachment-1.pdf",
            "Kvittering æ.pdf",
            "application/pdf",
            hashlib.sha256(PDF).hexdigest(),
        ),
        ("attachment-2.jpg", "billede.jpg", "image/jpeg", hashlib.sha256(JPG).hexdigest()),
    ]
    assert (file.parent / "attachment-1.pdf").read_bytes() == PDF
    assert (file.parent / "attachment-2.jpg").read_bytes() == JPG


def test_what_lies_on_the_disk_tells_nothing(town, browser):
    content = TEXT * 10_000
    assert not told(upload(browser, "hemmeligt navn.txt", content))
    (path,) = on_disk(town)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.parent.parent.stat().st_mode & 0o777 == 0o700
    kept = path.read_bytes()
    assert len(kept) >= len(content)
    assert TEXT not in kept
    for file in (town.folder / "var").rglob("*"):
        if file.is_file():
            assert b"hemmeligt" not in file.read_bytes(), file
            assert TEXT not in file.read_bytes(), file


REFUSED = {
    "wrong type": ("skema.exe", b"MZ" + bytes(64), "Filen skal være af typen PDF, JPG"),
    "type that is not its content": ("skema.pdf", JPG, "Filen skal være af typen PDF, JPG"),
    "page as text": ("side.txt", b"<html><script>", "Filen skal være af typen PDF, JPG"),
    "two types at once": ("skema.pdf", PDF + docx(), "Filen skal være af typen PDF, JPG"),
    "empty": ("skema.pdf", b"", "Filen er tom"),
    "too large": ("skema.pdf", PDF + bytes(1_000_000), "En fil må højst fylde 1 MB"),
    "password, PDF": ("skema.pdf", LOCKED_PDF, "beskyttet med adgangskode"),
    "password, Word": ("skema.docx", LOCKED_OFFICE, "beskyttet med adgangskode"),
    "program in disguise": ("skema.exe.pdf", PDF, "et andet navn"),
    "direction of text": ("skema\u202efdp.pdf", PDF, "et andet navn"),
    "long name": (f"{'a' * 200}.pdf", PDF, "et andet navn"),
    "bomb": ("skema.docx", bomb(), "Vi kan ikke åbne filen"),
    "bomb that lies": ("skema.docx", lying_bomb(), "Vi kan ikke åbne filen"),
    "archive in an archive": ("skema.docx", docx(inner__a=docx()), "Vi kan ikke åbne filen"),
    "virus": ("skema.pdf", PDF + EICAR, "Der er virus i filen"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_and_gone(town, browser, case):
    name, content, why = REFUSED[case]
    page = upload(browser, name, content, why="Derfor")
    (message,) = told(page)
    assert why in message
    assert browser.main_form()["why"].value == "Derfor"
    assert not shown(page)
    assert not on_disk(town)
    # The control: the same field takes what is right.
    assert shown(upload(browser, "skema.pdf", PDF)) == ["skema.pdf (1 kB)"]


def test_the_button_without_a_file_says_so(browser):
    assert told(send(browser, do="proof:upload")) == ["Vælg en fil under »Bilag«, før du vedhæfter"]
    assert told(send(browser, why="Derfor")) == ["Vedhæft en fil under »Bilag«"]


def test_one_who_leaves_is_told_of_a_file_that_was_not_taken_in(town, browser):
    page = send(browser, ("proof", "a.exe", b"MZ"), _leave="1", why="Derfor")
    assert told(page)[0].startswith("Vælg en anden fil under »Bilag«")
    assert page.html.find(id="field-why")["value"] == "Derfor"
    page = send(browser, ("proof", "a.pdf", PDF), _leave="1", why="Derfor")
    assert page.request.path == "/papers/gemt"
    assert len(on_disk(town)) == 1


def test_files_are_not_looked_through_one_by_one_where_nobody_can(town, browser, monkeypatch):
    asked = []

    def scan(_self, attachment):
        asked.append(attachment)
        raise Unavailable("away")

    monkeypatch.setattr(ClamavScanner, "scan", scan)
    files = [("proof", f"{number}.pdf", PDF) for number in range(4)] + [("more", "5.pdf", PDF)]
    page = send(browser, *files, do="proof:upload")
    assert len(told(page)) == 2, "each field's files were not taken in"
    assert len(asked) == 1
    assert not on_disk(town)


def test_a_path_is_no_part_of_a_name(browser):
    assert shown(upload(browser, "../../etc/C:\\mine\\skema.pdf", PDF)) == ["skema.pdf (1 kB)"]


def test_there_is_room_for_so_many_and_the_same_twice_is_one(town, browser):
    upload(browser, "a.pdf", PDF)
    assert len(shown(upload(browser, "a.pdf", PDF))) == 1
    page = upload(browser, "b.pdf", PDF + b"%b")
    assert page.html.find("input", {"type": "file", "name": "proof"}) is None
    page = upload(browser, "c.pdf", PDF + b"%c")
    assert told(page) == [
        (
            "Der er ikke plads til flere filer under »Bilag«: Du kan højst vedhæfte 2."
            " Fjern en, før du vedhæfter en ny"
        )
    ]
    assert page.html.find(id="field-proof").name == "ul"
    assert len(on_disk(town)) == 2


def test_a_file_can_be_taken_out_again(town, browser):
    page = upload(browser, "a.pdf", PDF, why="Derfor")
    button = page.html.find("button", value=lambda value: value and ":remove:" in value)
    page = send(browser, do=button["value"], why="Derfor igen")
    assert not shown(page)
    assert browser.main_form()["why"].value == "Derfor igen"
    assert not on_disk(town)
    # Pressed again in an old window it is gone, and that is all.
    assert not told(send(browser, do=button["value"]))
    assert [one.event for one in lines(town)] == ["file-added", "file-removed"]


def test_a_file_cannot_be_taken_out_by_way_of_another_field(town, browser):
    page = upload(browser, "skema.pdf", PDF, field="more")
    (button,) = page.html.select("button[value^='more:remove:']")
    page = send(browser, do=button["value"].replace("more:", "proof:"))
    assert "skema.pdf" in page.text
    assert len(on_disk(town)) == len(rows(town)) == 1
    send(browser, do=button["value"])
    assert on_disk(town) == []
    assert not rows(town)


def test_a_file_of_somebody_else_cannot_be_taken_out(town, browser):
    page = upload(browser, "a.pdf", PDF)
    button = page.html.find("button", value=lambda value: value and ":remove:" in value)
    other = town.browser()
    other.log_in("lars", solution="papers")
    other.get("/papers/trin/papers")
    send(other, do=button["value"])
    assert len(on_disk(town)) == 1
    assert shown(browser.get("/papers/trin/papers")) == ["a.pdf (1 kB)"]


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.GARBAGE, Fault.CUT_OFF, Fault.ERROR])
def test_without_a_verdict_nothing_is_taken_in(town, browser, clamd, fault):
    with clamd.behaving(fault):
        page = upload(browser, "skema.pdf", PDF)
    assert told(page) == ["Filen under »Bilag« blev ikke vedhæftet. Prøv igen om lidt"]
    assert not on_disk(town)
    assert shown(upload(browser, "skema.pdf", PDF))


@pytest.mark.skipif(real_clamd.CLAMD is None, reason=real_clamd.MISSING)
def test_the_real_clamd_has_the_same_word(own_solution, installation, make_town):
    with real_clamd.running() as running:
        asks_for_papers(own_solution, installation, f'socket = "{running.path}"')
        town = make_town()
        browser = town.browser()
        browser.log_in("kirsten", solution="papers")
        browser.get("/papers/trin/papers")
        assert shown(upload(browser, "a.pdf", PDF)) == ["a.pdf (1 kB)"]
        (message,) = told(upload(browser, "b.pdf", PDF + EICAR))
        assert "Der er virus i filen" in message
        assert len(on_disk(town)) == 1


def test_a_backup_has_the_files(town, browser, tmp_path):
    upload(browser, "a.pdf", PDF)
    (path,) = on_disk(town)
    content = path.read_bytes()
    plan, now = town.application.composition.plan, town.clock()
    back_up_store(plan, tmp_path / "backup", now)
    town.application.close()
    path.unlink()
    restore_backup(plan, tmp_path / "backup", now)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_solution_that_asks_for_files_needs_a_scanner(own_solution, installation, make_town):
    asks_for_papers(own_solution, installation, "")
    file = installation / "municipalities" / "0773.toml"
    file.write_text(file.read_text("utf-8").replace('scanner = "looks"\n', ""), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        make_town()
    assert any('"scanner"' in str(one) for one in refused.value.problems)


def test_a_virus_is_noted_without_the_name_of_the_file(town, browser):
    upload(browser, "Kirsten Berggren.pdf", PDF + EICAR)
    (line,) = lines(town)
    assert (line.event, line.detail) == ("file-infected", "Eicar-Test-Signature")
    assert "Kirsten" not in repr(line)


def test_files_need_the_token_and_the_form_of_the_step(town, browser):
    path = browser.page.request.path
    files = [("proof", "a.pdf", PDF)]
    assert browser.app.post(path, [], upload_files=files, status="*").status_int == 403
    hidden = [
        (one["name"], one["value"])
        for one in browser.page.html.find("main").find_all("input", {"type": "hidden"})
    ]
    late = browser.app.post(path, hidden[1:], upload_files=files, status="*")
    assert late.status_int == 403
    # Other pages read no files at all.
    assert (
        browser.app.post("/papers/opsummering", hidden, upload_files=files, status="*").status_int
        == 400
    )
    unknown = [("elsewhere", "a.pdf", PDF)]
    assert browser.app.post(path, hidden, upload_files=unknown, status="*").status_int == 409
    assert not on_disk(town)


def test_files_for_a_host_that_is_nobodys_are_not_found(town, browser):
    files = [("proof", "a.pdf", PDF)]
    host = {"Host": f"nobody.localhost:{town.port}"}
    page = browser.app.post("/papers/trin/papers", [], host, upload_files=files, status="*")
    assert page.status_int == 404
    assert not on_disk(town)


@pytest.fixture
def held_town(own_solution, installation, make_town, clamd, request):
    """One person may send a form with files so often in an hour."""
    hosted = f'host = "127.0.0.1"\nport = {clamd.port}\nseconds = 1'
    asks_for_papers(own_solution, installation, hosted)
    file = installation / "municipalities" / "0773.toml"
    file.write_text(file.read_text("utf-8") + f"\n[limits.uploads]\nperson = {request.param}\n")
    return make_town()


@pytest.mark.parametrize(("held_town", "last"), [(2, 429), (0, 200)], indirect=["held_town"])
def test_one_who_sends_files_too_often_has_to_wait(held_town, last):
    browser = held_town.browser()
    browser.log_in("kirsten", solution="papers")
    page = browser.get("/papers/trin/papers")
    for name, status in (("1.pdf", 200), ("2.pdf", 200), ("3.pdf", last)):
        browser.page = page
        upload(browser, name, PDF, field="more" if name == "1.pdf" else "proof", status=status)
    kept = 2 if last == 429 else 3
    assert len(on_disk(held_town)) == len(rows(held_town)) == kept

    # A form without files is no upload.
    browser.get("/papers/trin/papers")


def test_a_crash_leaves_nothing_that_can_be_read_and_is_swept(town, browser, monkeypatch):
    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(uploads, "check_file", crash)
    monkeypatch.setattr(uploads, "discard", lambda *_: None)
    monkeypatch.setattr(received, "discard", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        upload(browser, "a.pdf", PDF)
    assert len(on_disk(town)) == 1
    files, store = town.application.files, town.application.store
    assert uploads.sweep(store, "0773", files) == 0, "it may still be arriving"
    assert uploads.sweep(store, "0773", files, at_least=-1) == 1
    assert not on_disk(town)


def test_a_sweep_leaves_what_belongs_to_somebody(town, browser):
    upload(browser, "a.pdf", PDF)
    assert uploads.sweep(town.application.store, "0773", town.application.files, -1) == 0
    assert len(on_disk(town)) == 1


def test_what_is_kept_too_long_goes_with_its_file(town, browser):
    upload(browser, "a.pdf", PDF)
    send(browser, why="Derfor")
    browser.submit()
    town.application.engine.drain()
    another = town.browser()
    another.log_in("lars", solution="papers")
    another.get("/papers/trin/papers")
    upload(another, "b.pdf", PDF)
    assert len(rows(town)) == 2
    town.clock.ahead = LATER
    at = town.application.composition.municipalities["0773"]
    offered = [one.solution for one in at.file.solutions.values()]
    settings = town.application.composition.plan.installation.retention
    Cleaning(
        town.application.store, "0773", offered, settings, EraseList(settings.erase_list)
    ).remove()
    assert not rows(town)
    assert uploads.sweep(town.application.store, "0773", town.application.files, -1) == 2
    assert not on_disk(town)


def test_a_file_that_was_changed_on_the_disk_is_not_delivered(town, browser):
    upload(browser, "a.pdf", PDF)
    (path,) = on_disk(town)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    send(browser, why="Derfor")
    browser.submit()
    town.application.engine.drain()
    assert not town.journal()


@pytest.fixture
def port(town):
    """The site as ``selvbetjening serve`` serves it, with the server's own limits."""
    limits = town.application.composition.plan.installation.limits
    sockets = {}
    server = waitress.create_server(
        town.app, map=sockets, host="127.0.0.1", port=0, threads=2, **server_limits(limits)
    )
    answer_with_pages(server)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    stop_server(server, thread, sockets)


def over_socket(port, browser, content, *, cut=None):
    """The upload as bytes on a real connection; ``cut``: how many of them arrive."""
    hidden = browser.page.html.find("main").find_all("input", {"type": "hidden"})
    pairs = [(one["name"], one["value"]) for one in hidden]
    pairs += [("why", "Derfor"), ("do", "proof:upload")]
    kind, body = browser.app.encode_multipart(pairs, [("proof", "stor.txt", content)])
    cookies = "; ".join(f"{one.name}={one.value}" for one in browser.app.cookiejar)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.putrequest("POST", browser.page.request.path, skip_host=True)
        for name, value in {
            "Host": browser.host,
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cookie": cookies,
        }.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(body[:cut] if cut else body)
        if cut:
            line.sock.shutdown(socket.SHUT_RDWR)
            return 0, ""
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def test_over_a_real_connection_and_one_that_is_cut(town, browser, port):
    content = TEXT * 38_000
    over_socket(port, browser, content, cut=700_000)
    assert not on_disk(town)
    status, page = over_socket(port, browser, content)
    assert status == 200
    assert "stor.txt (988 kB)" in page


def test_two_windows_lose_no_file_of_each_other(town, browser):
    other = town.browser()
    other.app.cookiejar = browser.app.cookiejar
    other.get("/papers/trin/papers")
    threads = [
        threading.Thread(target=upload, args=(one, f"{name}.pdf", PDF + name.encode()))
        for one, name in ((browser, "a"), (other, "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shown(browser.get("/papers/trin/papers"))) == 2
