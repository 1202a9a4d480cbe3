"""``selvbetjening conformance``: what it finds, runs, prints and writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from selvbetjening_core import testing
from selvbetjening_core.testing.conformance import checks_of

PLUGINS = Path(__file__).parent / "plugins"
KIT = """
import pytest
from acme_receiver import TOKEN, Receiver
from selvbetjening_core.testing import DeliveryBench, DeliveryConformance

class TestIt(DeliveryConformance):
    @pytest.fixture
    def bench(self):
        with Receiver() as one, Receiver() as two:
            yield DeliveryBench(
                plugin="{plugin}",
                settings={{"port": one.port, "token": TOKEN}},
                remote=one,
                other_settings={{"port": two.port}},
                other_remote=two,
            )
"""
WITHOUT_BENCH = """
from selvbetjening_core.testing import DeliveryConformance

class TestIt(DeliveryConformance):
    pass
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command, beside a module ``its_kit`` with the given text."""

    def run(*arguments, kit=""):
        (tmp_path / "its_kit.py").write_text(kit, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{PLUGINS}:{':'.join(sys.path)}")
        return subprocess.run(
            [sys.executable, "-m", "selvbetjening_core.cli", "conformance", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    return run


def test_a_right_plugin_is_green(command, tmp_path):
    ended = command(
        "its_kit", "--json", "r.json", "--page", "r.html", kit=KIT.format(plugin="good_delivery")
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "0 failed" in ended.stdout
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["passed"] is True
    (kit,) = report["kits"]
    assert (kit["contract"], kit["plugin"]) == ("IDelivery", "good_delivery")
    assert len(kit["code"]["sha256"]) == 64
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Alle kontroller, der er relevante, er bestået." in page
    assert "The same key twice has one effect." in page
    assert page.lstrip().startswith("<!doctype html>")


def test_a_fault_is_red_and_named(command, tmp_path):
    ended = command("its_kit", "--page", "r.html", kit=KIT.format(plugin="delivery_tells_name"))
    assert ended.returncode == 1
    (red,) = [line for line in ended.stdout.splitlines() if line.startswith("  failed")]
    assert "nothing-personal-told" in red
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Ikke alle kontroller er bestået." in page
    assert "Kirsten" not in ended.stdout + page


def test_a_kit_without_a_bench_says_what_to_write(command):
    ended = command("its_kit", kit=WITHOUT_BENCH)
    assert ended.returncode == 1
    assert "TestIt has no fixture called bench" in ended.stdout
    assert "return DeliveryBench(...)" in ended.stdout


def test_a_module_without_a_kit_says_so(command):
    ended = command("its_kit", kit="x = 1")
    assert ended.returncode == 2
    assert "no kit class in its_kit" in ended.stderr


def test_a_module_that_cannot_be_imported_says_why(command):
    ended = command("its_kit", kit="import no_such_thing")
    assert ended.returncode == 2
    assert "its_kit cannot be imported: ModuleNotFoundError" in ended.stderr


def test_a_misspelt_name_is_helped_with(command):
    ended = command("foldr")
    assert ended.returncode == 2
    assert 'did you mean "folder"' in ended.stderr


def test_every_check_is_named_and_told_in_both_languages():
    for name in testing.KITS:
        checks = checks_of(getattr(testing, name)).values()
        assert checks, name
        for check in checks:
            assert check.name == check.name.lower().replace(" ", "-"), check
            assert check.sentence.endswith("."), check
            assert check.danish.endswith("."), check
