"""``selvbetjening conformance``: what it finds, runs, prints and writes."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from selvbetjening_core import __version__, testing
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
KINDS = """
import pytest
from selvbetjening_core.testing import FieldKindConformance
from selvbetjening_core.testing.own_kinds import OWN_KINDS

class TestKinds(FieldKindConformance):
    @pytest.fixture(params=["text", "message"])
    def bench(self, request):
        return next(bench for make in OWN_KINDS if (bench := make()).kind == request.param)
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


def test_each_of_several_kinds_has_a_table_of_its_own(command, tmp_path):
    ended = command("its_kit", "--json", "r.json", "--page", "r.html", kit=KINDS)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "IFieldKind 0.1: text" in ended.stdout
    kits = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["kits"]
    assert [kit["label"] for kit in kits] == ["text", "message"]
    left_out = [kit["counts"]["not applicable"] for kit in kits]
    assert (left_out[0], left_out[1] > 0) == (0, True)
    assert len({len(kit["checks"]) for kit in kits}) == 1
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "core, message: IFieldKind" in page


def test_what_the_core_offers_is_called_by_its_name_and_version(command, tmp_path):
    ended = command("its_kit", "--json", "r.json", kit=KINDS)
    assert f"core {__version__} (selvbetjening)" in ended.stdout
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert {(kit["plugin"], kit["plugin_version"]) for kit in report["kits"]} == {
        ("core", __version__)
    }


def test_why_a_check_does_not_apply_is_told_in_both_languages(command, tmp_path):
    command("its_kit", "--page", "r.html", kit=KINDS)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    danish, _, english = page.partition('<section lang="en"')
    assert "feltet tager ikke imod svar" in danish
    assert "feltet tager ikke imod svar" not in english
    assert "the kind takes no answer" in english
    assert "the kind takes no answer" not in danish


def test_every_reason_of_our_own_kits_is_there_in_danish():
    told = []
    for file in Path(testing.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "does_not_apply":
                told.append(file.name)
                assert [word.arg for word in node.keywords] == ["da"], f"{file}:{node.lineno}"
    assert len(told) > 10


def test_a_fault_is_red_and_named(command, tmp_path):
    ended = command("its_kit", "--page", "r.html", kit=KIT.format(plugin="delivery_tells_name"))
    assert ended.returncode == 1
    (red,) = [line for line in ended.stdout.splitlines() if line.startswith("  failed")]
    assert "nothing-personal-told" in red
    assert ended.stdout.splitlines()[-1] == "failed: nothing-personal-told"
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Ikke alle kontroller er bestået." in page
    assert page.count('<tr class="failed" id="da-1-nothing-personal-told">') == 1
    assert page.count('<a href="#da-1-nothing-personal-told">') == 1
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
    assert 'has a conformance kit; did you mean "folder"?\n' in ended.stderr


def test_a_folder_that_is_not_there_is_told_before_anything_is_run(command):
    ended = command("folder", "--page", "no-such-folder/r.html")
    assert ended.returncode == 2
    assert 'there is no folder "no-such-folder"; make it first' in ended.stderr
    assert "checks:" not in ended.stdout


def test_every_check_is_named_and_told_in_both_languages():
    for name in testing.KITS:
        checks = checks_of(getattr(testing, name)).values()
        assert checks, name
        for check in checks:
            assert check.name == check.name.lower().replace(" ", "-"), check
            assert check.sentence.endswith("."), check
            assert check.danish.endswith("."), check
