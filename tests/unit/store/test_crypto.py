from __future__ import annotations

import base64
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.store.crypto import Cell, KeyRing, Unreadable
from selvbetjening_core.store.key_file import KeyFileError, create_key_file
from selvbetjening_core.values import CprNumber

CELL = Cell("0773", "draft", "d1", "answers.holder")
CPR = CprNumber("2512484916")
RING = KeyRing({"k1": bytes(range(32))}, "k1")


@given(st.text())
def test_what_was_sealed_can_be_opened(text):
    assert RING.open(CELL, RING.seal(CELL, text)) == text


def test_the_same_text_never_gives_the_same_token():
    assert RING.seal(CELL, "ja") != RING.seal(CELL, "ja")


@pytest.mark.parametrize(
    "elsewhere",
    [
        CELL._replace(municipality="0851"),
        CELL._replace(table="submission"),
        CELL._replace(row="d2"),
        CELL._replace(field="answers.cause"),
    ],
)
def test_a_token_that_was_moved_cannot_be_opened(elsewhere):
    token = RING.seal(CELL, "hemmeligt")
    with pytest.raises(Unreadable):
        RING.open(elsewhere, token)


def test_places_cannot_be_shifted_into_one_another():
    one = Cell("0773", "draft", 'a", "b', "c")
    other = Cell("0773", "draft", "a", 'b", "c')
    assert one.associated_data() != other.associated_data()


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_a_changed_byte_is_noticed(position):
    version, key_id, encoded = RING.seal(CELL, "hemmeligt").split(".")
    sealed = bytearray(base64.urlsafe_b64decode(encoded))
    sealed[position] ^= 1
    changed = base64.urlsafe_b64encode(bytes(sealed)).decode()
    with pytest.raises(Unreadable):
        RING.open(CELL, f"{version}.{key_id}.{changed}")


@pytest.mark.parametrize("token", ["", "plain", "v2.k1.AAAA", "v1.k1.", "v1.k1.AAAA", "v1.k1.%%"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(Unreadable):
        RING.open(CELL, token)


def test_after_rotation_old_tokens_are_read_and_new_ones_made_under_the_new_key():
    old, new = os.urandom(32), os.urandom(32)
    before = KeyRing({"k1": old}, "k1")
    after = KeyRing({"k1": old, "k2": new}, "k2")
    assert after.open(CELL, before.seal(CELL, "x")) == "x"
    assert after.seal(CELL, "x").startswith("v1.k2.")
    with pytest.raises(Unreadable, match="k2"):
        before.open(CELL, after.seal(CELL, "x"))


def test_the_index_is_stable_over_rotation_and_different_in_each_municipality():
    old, new = os.urandom(32), os.urandom(32)
    before = KeyRing({"k1": old}, "k1")
    after = KeyRing({"k2": new, "k1": old}, "k2", index="k1")
    assert after.index("0773", CPR) == before.index("0773", CPR)
    assert after.index("0773", CPR) != after.index("0851", CPR)
    assert KeyRing({"k1": new}, "k1").index("0773", CPR) != before.index("0773", CPR)
    assert CPR.reveal() not in before.index("0773", CPR)


@pytest.mark.parametrize(
    ("keys", "current", "index"),
    [
        ({}, "k1", None),
        ({"k1": b"short"}, "k1", None),
        ({"k.1": bytes(32)}, "k.1", None),
        ({"k1": bytes(32)}, "k2", None),
        ({"k1": bytes(32)}, "k1", "k2"),
    ],
)
def test_malformed_keys_are_refused(keys, current, index):
    with pytest.raises(ValueError, match="key"):
        KeyRing(keys, current, index)


def test_a_key_ring_does_not_show_its_keys(tmp_path):
    create_key_file(tmp_path / "keys.json")
    secret = json.loads((tmp_path / "keys.json").read_text())["keys"]["k1"]
    ring = KeyRing.from_file(tmp_path / "keys.json")
    assert secret not in repr(ring)
    assert repr(base64.b64decode(secret)) not in repr(ring)


def test_a_new_key_file_can_be_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "keys.json"
    create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    one, two = KeyRing.from_file(path), KeyRing.from_file(path)
    assert two.open(CELL, one.seal(CELL, "x")) == "x"


def test_a_key_file_is_never_overwritten(tmp_path):
    path = tmp_path / "keys.json"
    create_key_file(path)
    before = path.read_bytes()
    with pytest.raises(KeyFileError, match="left alone"):
        create_key_file(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_file_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "keys.json"
    create_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match=r"chmod 600 keys\.json"):
        KeyRing.from_file(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"current": "k1", "index": "k1", "keys": {"k1": "æ"}}',
        '{"current": "k1", "index": "k1", "keys": {"k1": "secret=="}}',
        '{"current": "k1", "index": "k1", "keys": {"k1": 7}}',
        '{"current": "k2", "index": "k1", "keys": {"k1": "' + "A" * 43 + '="}}',
    ],
)
def test_a_malformed_key_file_is_refused_without_telling_its_content(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="is not a key file") as caught:
        KeyRing.from_file(path)
    assert "secret" not in str(caught.value)


def test_a_missing_key_file_is_told(tmp_path):
    with pytest.raises(KeyFileError, match=r"keys\.json cannot be read"):
        KeyRing.from_file(tmp_path / "keys.json")
