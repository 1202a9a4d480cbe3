"""Advisories are read from disk and held against what is installed; nothing is green unseen."""

from __future__ import annotations

import datetime
import json
import zipfile

import pytest

from selvbetjening_core.supply.advisories import read_advisories
from selvbetjening_core.supply.judging import judge
from selvbetjening_core.supply.parts import NPM, PYPI, Part

PYSEC = """\
id: PYSEC-2026-1
details: |
  Reads any file.
  More of it.
aliases: [CVE-2026-1]
modified: 2026-11-20T10:00:00Z
affected:
- package: {name: Some_Package, ecosystem: PyPI}
  ranges:
  - type: GIT
    events: [{introduced: "0"}, {fixed: abc}]
  - type: ECOSYSTEM
    events: [{introduced: "1.0"}, {fixed: 1.4.2}, {introduced: "2.0"}, {fixed: 2.0.1}]
  versions: ["0.9"]
"""


def osv(package="other", events=None, versions=(), ecosystem=PYPI, **more):
    ranges = [{"type": "ECOSYSTEM", "events": events}] if events else []
    affected = {
        "package": {"ecosystem": ecosystem, "name": package},
        "ranges": ranges,
        "versions": list(versions),
    }
    return json.dumps(
        {"id": "X-1", "modified": "2026-10-01T00:00:00.1Z", "affected": [affected], **more}
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "vulns" / "some-package").mkdir(parents=True)
    (tmp_path / "vulns" / "some-package" / "PYSEC-2026-1.yaml").write_text(PYSEC)
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    (tmp_path / "README.md").write_text("# Read me\n")
    return tmp_path


def part(version, name="some.package", **more):
    return Part(PYPI, name, version, "MIT", **more)


def known(folder, *parts):
    return [
        (one.part.version, one.advisory.id, one.mended_in)
        for one in judge(parts, read_advisories(folder)).findings
    ]


def whys(folder, *parts):
    return [one.why for one in judge(parts, read_advisories(folder)).unjudged]


def test_a_folder_of_yaml_is_read(folder):
    data = read_advisories(folder)
    assert (data.files, data.newest, data.unreadable) == (1, datetime.date(2026, 11, 20), ())
    assert data.ecosystems == {PYPI}
    ((key, (advisory,)),) = data.by_package.items()
    assert key == (PYPI, "some-package")
    assert advisory.aliases == ("CVE-2026-1",)
    assert advisory.summary == "Reads any file."


def test_a_zip_file_is_read(tmp_path):
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("X-1.json", osv(versions=["1.0"]))
        archive.writestr("PYSEC-2026-1.yaml", PYSEC)
    assert read_advisories(file).files == 2
    assert known(file, part("1.0", "other")) == [("1.0", "X-1", "")]


@pytest.mark.parametrize(
    ("version", "mended_in"),
    [("0.9", "1.4.2"), ("1.0", "1.4.2"), ("1.4.1", "1.4.2"), ("2.0", "2.0.1"), ("2.0.0", "2.0.1")],
)
def test_a_version_within_is_found(folder, version, mended_in):
    assert known(folder, part(version)) == [(version, "PYSEC-2026-1", mended_in)]


@pytest.mark.parametrize("version", ["0.8", "1.0rc1", "1.4.2", "1.9", "2.0.1", "3.0"])
def test_a_version_outside_is_not(folder, version):
    assert known(folder, part(version)) == []


def test_the_last_affected_version_is_affected(tmp_path):
    events = [{"introduced": "0"}, {"last_affected": "1.5"}]
    (tmp_path / "a.json").write_text(osv(events=events))
    found = known(tmp_path, *(part(version, "other") for version in ("0.1", "1.5", "1.5.1")))
    assert [version for version, *_ in found] == ["0.1", "1.5"]


def test_what_was_withdrawn_is_not_known(tmp_path):
    (tmp_path / "a.json").write_text(osv(versions=["1.0"], withdrawn="2026-10-02T00:00:00Z"))
    assert known(tmp_path, part("1.0", "other")) == []


def test_an_ecosystem_that_the_data_do_not_tell_of_is_not_judged(folder):
    assert whys(folder, Part(NPM, "dkfds", "1.0", "")) == ["the data tell of nothing from npm"]
    (folder / "npm.json").write_text(osv(ecosystem=NPM))
    assert whys(folder, Part(NPM, "dkfds", "1.0", "")) == []


def test_what_came_from_elsewhere_is_judged_only_if_it_is_named(folder):
    (why,) = whys(folder, part("1.0", "acme-plugin", is_from_registry=False))
    assert "ask its maker" in why
    assert known(folder, part("1.1", is_from_registry=False)) != []


def test_what_cannot_be_compared_is_not_judged(folder):
    (folder / "git.json").write_text(osv("by-commit"))
    (folder / "odd.json").write_text(osv("odd", events=[{"introduced": "first"}]))
    assert len(whys(folder, part("today"))) == 1
    (why,) = whys(folder, part("1.0", "by-commit"))
    assert why.startswith("X-1 ")
    assert len(whys(folder, part("1.0", "odd"))) == 1
    assert whys(folder, part("1.0")) == []


def test_every_part_is_judged_or_told(folder):
    parts = (part("1.0"), part("?"), Part(NPM, "a", "1", ""))
    judgement = judge(parts, read_advisories(folder))
    assert [*judgement.judged, *(one.part for one in judgement.unjudged)] == list(parts)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "A"}', '{"modified": "2026"}'])
def test_a_file_that_nobody_understands_is_told(folder, text):
    (folder / "a.json").write_text(text)
    assert read_advisories(folder).unreadable == ("a.json",)


def test_yaml_that_would_run_code_is_not_understood(folder):
    (folder / "a.yaml").write_text("modified: !!python/object/apply:os.getcwd []\n")
    assert read_advisories(folder).unreadable == ("a.yaml",)


def test_something_else_is_an_error(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("no")
    with pytest.raises(OSError, match="neither a folder nor a zip file"):
        read_advisories(file)
    assert read_advisories(tmp_path).newest is None


def test_nothing_there_is_an_error(tmp_path):
    with pytest.raises(OSError, match="there is no"):
        read_advisories(tmp_path / "none")
