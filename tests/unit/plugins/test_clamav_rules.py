"""The rules of the ClamAV plugin, and a planted fault that turns each of them red."""

from __future__ import annotations

import io
import socket
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from selvbetjening_clamav import answers, clamd, plugin
from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_clamav.plugin import SETTINGS, ClamavScanner
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.testing import Fault, Loopback
from selvbetjening_core.testing.cases import an_attachment
from selvbetjening_core.testing.scan_files import EICAR, archive, damaged_archive
from selvbetjening_core.values import ScanResult, ScanVerdict

TEXT = b"Kaere kommune."
A_MEGABYTE = bytes(1_000_000)
SECONDS = 1
# How much later than its time a scan may end on a busy machine.
GRACE = 2.0
# How long a rude server goes on: longer than that.
RUDE_SECONDS = 5.0
FINGERPRINT = "44d88612fea8a8f36de82e1278abb02f"


def scanner(**settings):
    return ClamavScanner({one.name: one.default for one in SETTINGS} | settings)


def verdict(remote, content=TEXT, **settings):
    """What scanning comes to: a verdict, or the error."""
    try:
        return scanner(**{**remote.settings, **settings}).scan(an_attachment("fil", content))
    except Unavailable as error:
        return error


def verdict_on(answer, content=TEXT):
    with ClamdCounterpart() as remote:
        remote.answer = answer
        return verdict(remote, content)


@contextmanager
def rude(serve):
    """A server that does as ``serve(connection)`` does; yields the settings to reach it."""

    class Rude(Loopback):
        def serve(self, connection):
            serve(connection)

    with Rude() as remote:
        yield {"host": "127.0.0.1", "port": remote.port, "seconds": SECONDS}


def scanned(settings, content=TEXT):
    """What it comes to, and how long it took."""
    begun = time.monotonic()
    try:
        found = scanner(**settings).scan(an_attachment("fil", content))
    except Unavailable as error:
        found = error
    return found, time.monotonic() - begun


# What no clamd says of a clean file; the last is said of two.
NO_YES = (
    b"stream: OK",
    b"OK\0",
    b"stream: ok\0",
    b"1: stream: OK\0",
    b"stream: OK \0",
    b" stream: OK\0",
    b"stream: OK\n\0",
    b"stream: OK ERROR\0",
    b"stream: Time limit reached OK ERROR\0",
    b"INSTREAM: OK\0",
    b"stream: \0",
    b"stream:  FOUND\0\0",
    b"UNKNOWN COMMAND\0",
    b"COMMAND READ TIMED OUT\0",
    b"\0",
    b"",
    b"\xff\xfe\0",
    b"stream: " + b"O" * 5000 + b"\0",
    b"stream: OK" + b" " * 5000 + b"\0",
    b"stream: OK\0stream: Eicar FOUND",
)


def only_the_clear_yes_is_clean():
    assert verdict_on(b"stream: OK\0") == ScanVerdict(ScanResult.CLEAN)
    for answer in NO_YES:
        found = verdict_on(answer)
        assert isinstance(found, Unavailable), (answer[:40], found)


def what_is_found_is_infected():
    for name in ("Eicar-Test-Signature", "Heuristics.OLE2.ContainsMacros", "{HEX}x (y).UNOFFICIAL"):
        found = verdict_on(f"stream: {name} FOUND\0".encode())
        assert found == ScanVerdict(ScanResult.INFECTED, name)
    for odd in (b"stream: \xff\n FOUND\0", b"stream: " + b"x" * 300 + b" FOUND\0"):
        assert verdict_on(odd) == ScanVerdict(
            ScanResult.INFECTED, "something without a proper name"
        )


def what_clamd_cannot_see_is_refused():
    for name in ("Encrypted.PDF", "Limits.Exceeded.MaxFileSize", "Broken.Media.PNG"):
        found = verdict_on(f"stream: Heuristics.{name} FOUND\0".encode())
        assert found.result is ScanResult.REFUSED, found


def no_fingerprint_is_kept():
    found = verdict_on(f"stream: Eicar({FINGERPRINT}:68) FOUND\0".encode())
    assert found == ScanVerdict(ScanResult.INFECTED, "Eicar")


def too_large_for_clamd_is_refused():
    with ClamdCounterpart(largest=900_000) as remote:
        for size in (900_001, 9_000_000):
            found = verdict(remote, bytes(size))
            assert found == ScanVerdict(ScanResult.REFUSED, answers.TOO_LARGE), size
        assert verdict(remote, bytes(900_000)).result is ScanResult.CLEAN


def too_large_for_the_settings_is_not_even_opened():
    def opened():
        raise AssertionError("it was opened")

    large = replace(an_attachment("fil", TEXT), size=2_000_001, open=opened)
    with ClamdCounterpart() as remote:
        asked = scanner(**{**remote.settings, "largest_mb": 2})
        assert asked.scan(large) == ScanVerdict(ScanResult.REFUSED, answers.TOO_LARGE)


def a_yes_to_half_a_file_is_none():
    def serve(connection):
        connection.recv(4096)
        connection.sendall(b"stream: OK\0")
        # The rest that comes is answered by the machine itself: nobody is here any more.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))

    for _ in range(5):
        with rude(serve) as settings:
            found, _ = scanned(settings, 20 * A_MEGABYTE)
            assert isinstance(found, Unavailable), found


def all_is_over_in_its_time():
    for content, serve in (
        (TEXT, _says_nothing),
        (TEXT, _says_a_letter_at_a_time),
        (20 * A_MEGABYTE, _reads_nothing),
        (20 * A_MEGABYTE, _reads_a_little_at_a_time),
    ):
        with rude(serve) as settings:
            found, seconds = scanned(settings, content)
        assert isinstance(found, Unavailable), serve
        assert seconds < SECONDS + GRACE, serve


def _says_nothing(connection):
    connection.settimeout(RUDE_SECONDS)
    while connection.recv(65536):
        pass


def _says_a_letter_at_a_time(connection):
    connection.recv(4096)
    for letter in b"stream: it will be OK in the end":
        connection.sendall(bytes([letter]))
        time.sleep(RUDE_SECONDS / 32)
    connection.sendall(b"\0")


def _reads_nothing(_connection):
    time.sleep(RUDE_SECONDS)


def _reads_a_little_at_a_time(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    until = time.monotonic() + RUDE_SECONDS
    while time.monotonic() < until:
        connection.recv(4096)
        time.sleep(0.01)


def every_byte_is_sent():
    with ClamdCounterpart() as remote:
        for size in (0, 1, 65_536, 1_048_576, 3_000_001):
            assert verdict(remote, bytes(size)).result is ScanResult.CLEAN
            assert remote.streams[-1] == size
        asked = plugin.clamd_of({one.name: one.default for one in SETTINGS} | remote.settings)
        # A piece of no length must not end the file before the virus.
        answer = clamd.stream(asked, [TEXT, b"", EICAR])
        assert answers.verdict_of(answer).result is ScanResult.INFECTED


def another_file_than_was_sent_is_not_clean():
    was = an_attachment("fil", TEXT * 1000)
    with ClamdCounterpart() as remote:
        for now in (TEXT, TEXT * 1001, b"k" + (TEXT * 1000)[1:]):
            changed = replace(was, open=lambda now=now: io.BytesIO(now))
            with pytest.raises(Unavailable, match="not the file that was sent"):
                scanner(**remote.settings).scan(changed)


def what_is_wrong_with_clamd_is_told_as_that():
    with ClamdCounterpart() as remote:
        for fault in (Fault.DOWN, Fault.CUT_OFF, Fault.LOST_ANSWER, Fault.BUSY, Fault.ERROR):
            with remote.behaving(fault):
                assert isinstance(verdict(remote), Unavailable), fault
        assert verdict(remote).result is ScanResult.CLEAN
    nowhere = scanner(socket="/nowhere/clamd.ctl")
    with pytest.raises(Unavailable, match="cannot be reached: FileNotFoundError"):
        nowhere.scan(an_attachment())


def archives_that_clamd_passes_are_refused():
    with ClamdCounterpart(alerts=False) as remote:
        assert verdict(remote, archive("brev.txt", TEXT)).result is ScanResult.CLEAN
        assert verdict(remote, damaged_archive()).result is ScanResult.REFUSED


RULES = {
    rule.__name__: rule
    for rule in (
        only_the_clear_yes_is_clean,
        what_is_found_is_infected,
        what_clamd_cannot_see_is_refused,
        no_fingerprint_is_kept,
        too_large_for_clamd_is_refused,
        too_large_for_the_settings_is_not_even_opened,
        a_yes_to_half_a_file_is_none,
        all_is_over_in_its_time,
        every_byte_is_sent,
        another_file_than_was_sent_is_not_clean,
        what_is_wrong_with_clamd_is_told_as_that,
        archives_that_clamd_passes_are_refused,
    )
}


def _believes_any_ok(answer):
    return ScanVerdict(ScanResult.CLEAN if "OK" in answer.text else ScanResult.INFECTED, "x")


def _does_not_wait_for_the_end(connection, until):
    connection.settimeout(clamd._left(until))
    return connection.recv(4096).rstrip(b"\0").decode("utf-8", "replace")


def _believes_it_sent_all(connection, frames, until):
    _send(connection, frames, until)
    return True


def _sends_empty_pieces(pieces):
    yield b"zINSTREAM\0"
    for piece in pieces:
        yield struct.pack("!I", len(piece)) + piece
    yield struct.pack("!I", 0)


def _fails_open(*asked):
    try:
        return _stream(*asked)
    except Unavailable:
        return clamd.Answer("stream: OK", is_to_all=True)


def _sends_what_it_finds(attachment):
    with attachment.open() as opened:
        yield opened.read()


_send, _stream = clamd._send, clamd.stream
# What is put in place of what, and the rule that must notice.
FAULTS = {
    "believes-any-ok": (plugin, "verdict_of", _believes_any_ok, only_the_clear_yes_is_clean),
    "does-not-wait-for-the-end": (
        clamd,
        "_answer",
        _does_not_wait_for_the_end,
        only_the_clear_yes_is_clean,
    ),
    "tells-any-name": (answers, "_NAME", answers._FOUND, what_is_found_is_infected),
    "heuristics-are-viruses": (answers, "_UNSEEN", {}, what_clamd_cannot_see_is_refused),
    "keeps-the-fingerprint": (answers, "_OF_THE_FILE", answers._NAME, no_fingerprint_is_kept),
    "too-large-is-an-error": (answers, "_OVER_ITS_LIMIT", "", too_large_for_clamd_is_refused),
    "no-limit-of-its-own": (
        plugin,
        "_MEGABYTE",
        10**9,
        too_large_for_the_settings_is_not_even_opened,
    ),
    "believes-it-sent-all": (clamd, "_send", _believes_it_sent_all, a_yes_to_half_a_file_is_none),
    "patient-with-each-piece": (clamd, "_left", lambda _: SECONDS, all_is_over_in_its_time),
    "sends-empty-pieces": (clamd, "_frames", _sends_empty_pieces, every_byte_is_sent),
    "sends-what-it-finds": (
        plugin,
        "_pieces",
        _sends_what_it_finds,
        another_file_than_was_sent_is_not_clean,
    ),
    "fails-open": (clamd, "stream", _fails_open, what_is_wrong_with_clamd_is_told_as_that),
    "leaves-archives-to-clamd": (
        plugin,
        "_look_into",
        lambda *_: None,
        archives_that_clamd_passes_are_refused,
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds(rule):
    RULES[rule]()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(fault, monkeypatch):
    module, name, planted, rule = FAULTS[fault]
    monkeypatch.setattr(module, name, planted)
    # A scanner that gives up where it should not is noticed as well.
    with pytest.raises((AssertionError, pytest.fail.Exception, Unavailable)):
        rule()


def test_every_rule_has_a_fault_that_it_notices():
    assert {rule.__name__ for *_, rule in FAULTS.values()} == RULES.keys()


def test_its_unix_socket_is_used_where_no_host_is_named(tmp_path):
    path = tmp_path / "clamd.ctl"
    with ClamdCounterpart() as remote, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve():
            for _ in range(2):
                connection, _address = listening.accept()
                with connection:
                    remote.serve(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        found = [
            scanner(socket=str(path)).scan(an_attachment("fil", one)).result
            for one in (TEXT, EICAR)
        ]
        thread.join()
    assert found == [ScanResult.CLEAN, ScanResult.INFECTED]
