"""The parts of an installation are all that Python sees here, and what came from npm."""

from __future__ import annotations

import json
from importlib import metadata

import pytest
from packaging.utils import canonicalize_name

from selvbetjening_core.supply.npm_parts import read_lock
from selvbetjening_core.supply.parts import NPM, PYPI, Part, installed_parts


@pytest.fixture(scope="module")
def parts():
    return {(part.ecosystem, part.name): part for part in installed_parts()}


def test_every_distribution_is_a_part(parts):
    installed = {canonicalize_name(one.name) for one in metadata.distributions()}
    assert {canonicalize_name(name) for kind, name in parts if kind == PYPI} == installed


def test_our_own_distribution_tells_its_plugins_and_its_licence(parts):
    own = parts[PYPI, "selvbetjening"]
    assert own.is_own
    assert own.spdx == "MPL-2.0"
    assert {"folder", "mail", "dkfds"} <= set(own.plugins)
    assert {"click", "pyramid"} <= set(own.needs)
    assert [part.name for part in parts.values() if part.is_own] == ["selvbetjening"]


def test_what_plugins_took_from_npm_is_a_part_with_a_hash(parts):
    dkfds = parts[NPM, "dkfds"]
    assert dkfds.version == "11.2.0"
    assert dkfds.spdx == "(MIT AND OFL-1.1 AND Apache-2.0)"
    ((algorithm, digest),) = dkfds.hashes
    assert algorithm == "sha512"
    assert len(bytes.fromhex(digest)) == 64
    assert (NPM, "dejavu-fonts-ttf") in parts


def test_compiled_code_is_told(parts):
    assert parts[PYPI, "cryptography"].has_compiled
    assert not parts[PYPI, "colander"].has_compiled


def test_words_of_a_licence_are_no_identifier():
    assert Part(PYPI, "a", "1", "BSD License").spdx == ""
    assert Part(PYPI, "a", "1", "mit or apache-2.0").spdx == "MIT OR Apache-2.0"
    assert Part(PYPI, "a", "1", "").spdx == ""


def made(folder, name, **files):
    """A distribution, as pip leaves it."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    for file, text in files.items():
        (info / file.replace("__", ".")).write_text(text)


def test_what_was_installed_from_a_file_tells_its_hash(tmp_path, monkeypatch):
    came_from = {"url": "file:///x.whl", "archive_info": {"hashes": {"sha256": "ab12"}}}
    made(tmp_path, "from_file", direct_url__json=json.dumps(came_from))
    made(tmp_path, "odd", direct_url__json="[no")
    made(tmp_path, "usual")
    monkeypatch.syspath_prepend(tmp_path)
    found = {part.name: part for part in installed_parts()}
    assert found["from_file"].hashes == (("sha256", "ab12"),)
    assert not found["from_file"].is_from_registry
    assert not found["odd"].is_from_registry
    assert found["usual"].is_from_registry
    assert found["usual"].licence == ""


def test_what_stands_first_on_the_path_counts(tmp_path, monkeypatch):
    made(tmp_path, "colander")
    monkeypatch.syspath_prepend(tmp_path)
    assert [part.version for part in installed_parts() if part.name == "colander"] == ["1.0"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"packages": 1}', '{"packages": {"node_modules/a": 1}}']
)
def test_a_lock_file_of_another_kind_holds_nothing(tmp_path, text):
    file = tmp_path / "package-lock.json"
    file.write_text(text)
    assert read_lock(file) == ()


def test_a_scoped_package_keeps_its_whole_name(tmp_path):
    file = tmp_path / "package-lock.json"
    about = {"version": "1.2.3", "license": "MIT", "integrity": "sha512-AAAA md5-%%"}
    file.write_text(json.dumps({"packages": {"": {}, "node_modules/@a/b": about}}))
    (part,) = read_lock(file)
    assert (part.name, part.version, part.hashes) == ("@a/b", "1.2.3", (("sha512", "000000"),))
