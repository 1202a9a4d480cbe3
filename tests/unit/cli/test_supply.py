"""``selvbetjening sbom``, ``licences`` and ``advisories``: what they print and how they end."""

from __future__ import annotations

import datetime
import json

import pytest
from click.testing import CliRunner

from selvbetjening_core.cli.advisories import advisories
from selvbetjening_core.cli.commands import today
from selvbetjening_core.cli.licences import licences
from selvbetjening_core.cli.sbom import sbom
from selvbetjening_core.supply.parts import NPM, PYPI, Part

PARTS = (
    Part(PYPI, "Good", "1.0", "MIT", licence_files=("LICENSE",), has_compiled=True),
    Part(PYPI, "worded", "1.0", "BSD-like"),
    Part(NPM, "silent", "2.0", ""),
)


@pytest.fixture(autouse=True)
def _installed(monkeypatch):
    """These parts alone are installed."""
    for command in ("sbom", "licences", "advisories"):
        monkeypatch.setattr(f"selvbetjening_core.cli.{command}.installed_parts", lambda: PARTS)


def call(command, *arguments):
    result = CliRunner().invoke(command, [str(one) for one in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def advisory(folder, package="other", ecosystem=PYPI, days=1, name="a.json"):
    changed = today() - datetime.timedelta(days=days)
    affected = {"package": {"ecosystem": ecosystem, "name": package}, "versions": ["1.0"]}
    document = {
        "id": "X-1",
        "aliases": ["CVE-1"],
        "summary": "It leaks",
        "modified": f"{changed}T00:00:00Z",
        "affected": [affected],
    }
    (folder / name).write_text(json.dumps(document))
    return folder


def test_licences_tells_what_is_not_known():
    code, output = call(licences)
    assert code == 0
    assert "3 parts, 1 by SPDX\n" in output
    assert "1 in words of their own: worded\n" in output
    assert "1 not stated: silent\n" in output
    assert call(licences, "--strict")[0] == 1


def test_licences_for_a_program():
    _, output = call(licences, "--format", "json")
    good, worded, _ = json.loads(output)
    assert good == {
        "from": PYPI,
        "name": "Good",
        "version": "1.0",
        "licence": "MIT",
        "spdx": "MIT",
        "files": ["LICENSE"],
    }
    assert worded["spdx"] == ""


def test_strict_is_content_where_every_licence_is_stated(monkeypatch):
    monkeypatch.setattr("selvbetjening_core.cli.licences.installed_parts", lambda: PARTS[:2])
    assert call(licences, "--strict")[0] == 0


def test_sbom_goes_to_a_file_or_is_shown(tmp_path):
    _, shown = call(sbom)
    assert json.loads(shown)["bomFormat"] == "CycloneDX"
    code, output = call(sbom, "--out", tmp_path / "bom.json")
    assert (code, output) == (0, f"Written: {tmp_path / 'bom.json'} (3 parts)\n")
    assert json.loads((tmp_path / "bom.json").read_text())["components"]
    assert call(sbom, "--out", tmp_path / "none" / "bom.json")[0] == 2


def test_nothing_known_is_green_and_says_what_was_not_judged(tmp_path):
    code, output = call(advisories, advisory(tmp_path))
    assert code == 0
    assert "0 known against what is installed\n2 parts judged, 1 not\n" in output
    assert "silent 2.0: the data tell of nothing from npm\n" in output
    assert f"data of {today() - datetime.timedelta(days=1)}: 1 advisories (PyPI)\n" in output
    assert output.endswith("their makers tell:\n  Good\n")


def test_strict_is_red_where_something_was_not_judged(tmp_path):
    assert call(advisories, advisory(tmp_path), "--strict")[0] == 1
    code, output = call(advisories, tmp_path, "--strict", "--leave-out", "Silent")
    assert code == 0
    assert "left out, as you said: silent 2.0\n" in output
    advisory(tmp_path, ecosystem=NPM, name="b.json")
    assert call(advisories, tmp_path, "--strict")[0] == 0


def test_what_is_known_is_red(tmp_path):
    code, output = call(advisories, advisory(tmp_path, "good"))
    assert code == 1
    assert (
        "1 known against what is installed\n  Good 1.0: X-1, CVE-1; not mended; It leaks\n"
        in output
    )


def test_old_data_are_told_and_strictly_red(tmp_path):
    advisory(tmp_path, days=400)
    advisory(tmp_path, ecosystem=NPM, days=400, name="b.json")
    code, output = call(advisories, tmp_path)
    assert code == 0
    assert "  OLD: " in output
    assert call(advisories, tmp_path, "--strict")[0] == 1
    assert call(advisories, tmp_path, "--strict", "--max-age", "500")[0] == 0


def test_a_file_not_understood_is_told_and_strictly_red(tmp_path):
    advisory(tmp_path)
    advisory(tmp_path, ecosystem=NPM, name="b.json")
    (tmp_path / "c.json").write_text("{")
    code, output = call(advisories, tmp_path)
    assert code == 0
    assert "  1 files not understood: c.json\n" in output
    assert call(advisories, tmp_path, "--strict")[0] == 1


def test_it_is_never_green_where_nothing_was_judged(tmp_path):
    code, output = call(advisories, tmp_path)
    assert code == 2
    assert "nothing was judged" in output
    code, output = call(advisories, advisory(tmp_path, ecosystem="Go"))
    assert code == 1
    assert "0 parts judged, 3 not\n" in output


def test_leaving_out_what_is_not_there_is_an_error(tmp_path):
    code, output = call(advisories, advisory(tmp_path), "--leave-out", "nobody")
    assert code == 2
    assert "nobody" in output


def test_advisories_for_a_program(tmp_path):
    code, output = call(advisories, advisory(tmp_path, "good"), "--format", "json")
    assert code == 1
    told = json.loads(output)
    assert told["judged"] == 2
    assert [one["name"] for one in told["not_judged"]] == ["silent"]
    assert told["known"][0]["id"] == "X-1"


def test_the_commands_run_with_what_is_really_installed(run, tmp_path):
    advisory(tmp_path)
    done = run("advisories", ".", "--leave-out", "selvbetjening")
    assert done.returncode == 0, done.stderr
    assert "left out, as you said: selvbetjening" in done.stdout
    assert run("sbom", "--out", "bom.json").returncode == 0
    assert "MPL-2.0" in run("licences").stdout
