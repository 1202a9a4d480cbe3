"""``selvbetjening keys``: shown, added, changed and taken out, never told."""

from __future__ import annotations

import base64
import json
import shutil

import pytest
from click.testing import CliRunner

from selvbetjening_core.cli.main import main
from selvbetjening_core.store import key_change
from selvbetjening_core.store.key_file import KeyFileError, create_key_file, keys_in, new_keys


@pytest.fixture
def site(demo, tmp_path):
    """The demo's files, with keys kept as it is told; the key file."""

    def make(keys="file:keys.json"):
        folder = shutil.copytree(demo, tmp_path / "demo")
        file = folder / "selvbetjening.toml"
        file.write_text(file.read_text("utf-8").replace("file:secrets/keys.json", keys), "utf-8")
        return folder / "keys.json"

    return make


@pytest.fixture
def run(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(main, [*arguments, "--config", str(tmp_path / "demo")])

    return run


def secrets_of(text):
    return list(json.loads(text)["keys"].values())


def test_rotate_show_and_remove(site, run, monkeypatch):
    path = site()
    create_key_file(path)
    done = run("keys", "rotate")
    assert done.exit_code == 0, done.output
    shown = run("keys", "show").output
    assert "k2: 0 values sealed, 0 lines of the audit log, current" in shown
    assert "i1: 0 values sealed, 0 lines of the audit log, index" in shown
    refused = run("keys", "remove", "k1")
    assert refused.exit_code == 2
    assert "try again in a minute" in refused.output
    monkeypatch.setattr(key_change, "NOTICED_WITHIN", key_change.NOTICED_WITHIN * 0)
    before = path.read_text()
    asked = run("keys", "remove", "k1")
    assert asked.exit_code == 2
    assert "Look on every machine" in asked.output
    assert path.read_text() == before
    removed = run("keys", "remove", "k1", "--every-machine-has-it")
    assert removed.exit_code == 0, removed.output
    assert "k1" not in run("keys", "show").output
    (copy,) = path.parent.glob("keys.json.with-k1-*")
    assert str(copy) in removed.output
    assert copy.read_text() == before
    for one in secrets_of(path.read_text()):
        assert one not in done.output + shown + removed.output


def test_add_and_use(site, run):
    create_key_file(site())
    assert "added k2" in run("keys", "add").output
    assert "k1: 0 values sealed, 0 lines of the audit log, current" in run("keys", "show").output
    assert run("keys", "use", "k2").exit_code == 0
    assert run("keys", "use", "k9").exit_code == 2


def test_keys_from_the_environment(site, run, monkeypatch):
    site("env:OUR_KEYS")
    monkeypatch.setenv("OUR_KEYS", new_keys().as_text())
    assert "k1: 0 values sealed, 0 lines of the audit log, current" in run("keys", "show").output
    for act in ("add", "rotate"):
        done = run("keys", act)
        assert done.exit_code == 2
        assert "which this program does not write" in done.output
    monkeypatch.delenv("OUR_KEYS")
    assert run("keys", "show").exit_code != 0


def test_a_scheme_that_nothing_reads_is_an_error(site, run):
    site("vault:our/keys")
    done = run("check")
    assert done.exit_code == 1
    assert "unknown-scheme" in done.output


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        bytes(range(32)),
        b"a" * 16 + b"b" * 16,
        b"correct horse battery staple!!!!",
        bytes.fromhex("620982e98fd2524afdad41cdb7fd5389") * 2,
    ],
    ids=["nothing", "counted", "letters", "words", "twice"],
)
def test_keys_that_were_typed_or_copied_are_refused(key):
    keys = json.loads(new_keys().as_text())
    assert keys_in(json.dumps(keys), "here").current == "k1", "control"
    keys["keys"]["k1"] = base64.b64encode(key).decode()
    with pytest.raises(KeyFileError) as caught:
        keys_in(json.dumps(keys), "here")
    assert keys["keys"]["k1"] not in str(caught.value)


def test_the_same_key_twice_is_refused():
    keys = json.loads(new_keys().as_text())
    keys["keys"]["k1"] = keys["keys"]["i1"]
    with pytest.raises(KeyFileError, match="the same"):
        keys_in(json.dumps(keys), "here")
