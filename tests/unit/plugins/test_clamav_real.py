"""The plugin and its counterpart against ClamAV's own clamd, where the machine has one."""

from __future__ import annotations

import datetime
import io

import clamd as server
import pikepdf
import pytest

from selvbetjening_clamav import clamd
from selvbetjening_clamav.clamd import Answer
from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_clamav.plugin import SETTINGS, ClamavScanner, clamd_of
from selvbetjening_clamav.wellbeing import found_by_asking
from selvbetjening_core.testing import ScannerBench, ScannerConformance, cases
from selvbetjening_core.testing.conformance import checks_of
from selvbetjening_core.testing.scan_files import (
    CLEAN,
    EICAR,
    archive_with_padding,
    damaged_archive,
    deep_archive,
    encrypted_archive,
    infected_archive,
)
from selvbetjening_core.values import ScanResult

pytestmark = pytest.mark.skipif(server.CLAMD is None, reason=server.MISSING)
TODAY = datetime.date(2026, 11, 22)
LIMIT = 25 * 1024 * 1024


@pytest.fixture(scope="module")
def real():
    with server.running() as running:
        yield running


@pytest.fixture(scope="module")
def lenient():
    """As Debian's package sets it up, and nothing more."""
    with server.running({}) as running:
        yield running


def by_socket(real):
    return {"socket": str(real.path)}


def by_port(real):
    return {"host": "127.0.0.1", "port": real.port}


def whole(settings):
    return {one.name: one.default for one in SETTINGS} | settings


KIT = checks_of(ScannerConformance)
# A clamd that is away is the counterpart's to play, and earlier settings there are none.
PLAYED = {"away", "earlier-settings"}


@pytest.mark.parametrize("how", [by_socket, by_port])
@pytest.mark.parametrize("method", [name for name, one in KIT.items() if one.name not in PLAYED])
def test_the_kit_passes(real, how, method, tmp_path):
    bench = ScannerBench(plugin="clamav", plugin_settings=how(real))
    kit = ScannerConformance()
    kit.prepare(bench, tmp_path, KIT[method])
    getattr(kit, method)(bench)


@pytest.mark.parametrize("how", [by_socket, by_port])
def test_what_is_too_large_for_clamd_is_refused(real, how):
    scanner = ClamavScanner(whole(how(real) | {"largest_mb": 100}))
    for size, result in ((LIMIT, ScanResult.CLEAN), (LIMIT + 1, ScanResult.REFUSED)):
        assert scanner.scan(cases.an_attachment("fil", bytes(size))).result is result, size
    assert scanner.scan(cases.an_attachment("fil", bytes(3 * LIMIT))).result is ScanResult.REFUSED


def test_what_it_found_is_told_without_the_files_fingerprint(real):
    found = ClamavScanner(whole(by_socket(real))).scan(cases.an_attachment("fil", EICAR))
    assert (found.result, found.finding) == (ScanResult.INFECTED, f"{server.NAME}.UNOFFICIAL")


def test_debians_settings_let_pass_what_the_plugin_refuses(lenient):
    """Control: it is the plugin that refuses them, since clamd alone would not."""
    settings = whole(by_socket(lenient))
    for content in (encrypted_archive(), damaged_archive(), deep_archive()):
        assert clamd.stream(clamd_of(settings), [content]) == Answer("stream: OK", is_to_all=True)
        found = ClamavScanner(settings).scan(cases.an_attachment("arkiv.zip", content))
        assert found.result is ScanResult.REFUSED


def protected_pdf():
    whole = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(whole, encryption=pikepdf.Encryption(user="hemmelig", owner="hemmelig"))
    return whole.getvalue()


def test_a_document_with_a_password_is_refused_if_clamd_is_set_to(real, lenient):
    found = [
        ClamavScanner(whole(by_socket(one))).scan(cases.an_attachment("brev.pdf", protected_pdf()))
        for one in (real, lenient)
    ]
    assert [one.result for one in found] == [ScanResult.REFUSED, ScanResult.CLEAN]
    assert found[0].finding == "it is encrypted"


def test_health_tells_what_is_set_and_what_is_not(real, lenient):
    def ill(running):
        asked = found_by_asking(clamd_of(whole(by_socket(running))), 7, TODAY)
        return {one.name for one in asked if not one.is_ok}

    # Of signatures that are not ClamAV's own it tells no date.
    assert ill(real) == {"signatures"}
    assert ill(lenient) == {"signatures", "encrypted files", "limits"}


def test_the_counterpart_answers_as_clamd_does(real, lenient):
    """Word for word, but for what the virus is called."""
    contents = (
        *CLEAN,
        b"",
        EICAR,
        infected_archive(),
        encrypted_archive(),
        damaged_archive(),
        deep_archive(),
        archive_with_padding(1_000_000),
    )

    def answers(settings, name):
        asked = clamd_of(whole(settings | {"seconds": 8}))
        large = [bytes(1_000_000)] * 40
        said = [clamd.stream(asked, [content]) for content in contents]
        said.append(Answer(clamd.stream(asked, large).text, is_to_all=False))
        return [
            one.text.replace(name, "VIRUS").split("(")[0].removesuffix(" FOUND") for one in said
        ]

    for running, alerts in ((real, True), (lenient, False)):
        with ClamdCounterpart(alerts=alerts) as remote:
            own = answers(remote.settings, "Eicar-Test-Signature")
        assert own == answers(by_socket(running), f"{server.NAME}.UNOFFICIAL")
        assert len(set(own)) == (5 if alerts else 3)
