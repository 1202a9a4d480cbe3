from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.receipts import Seal, check_code
from selvbetjening_core.values.case_json import case_from_json, case_to_json

SEAL = Seal("a key", b"[seal:", b"]")


def test_a_document_keeps_its_length_and_is_recognised():
    unsealed = f"one {SEAL.blank} two {SEAL.blank}".encode()
    sealed = SEAL.close(unsealed)
    assert len(sealed) == len(unsealed)
    assert SEAL.is_closed(sealed)
    assert len(set(re.findall(rb"\[seal:([0-9a-f]{64})\]", sealed))) == 1


@pytest.mark.parametrize("content", [b"", b"[seal:]", b"[seal:" + b"0" * 64 + b"]", b"\xff" * 99])
def test_a_foreign_document_is_not(content):
    assert not SEAL.is_closed(content)


def test_another_key_seals_otherwise():
    sealed = SEAL.close(SEAL.blank.encode())
    assert not replace(SEAL, key="another key").is_closed(sealed)


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_no_change_goes_unseen(more, before):
    sealed = SEAL.close(before + SEAL.blank.encode() + more)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert not SEAL.is_closed(changed)


def test_a_document_without_a_place_cannot_be_sealed():
    with pytest.raises(ValueError, match="no place"):
        SEAL.close(b"nothing")


def test_an_empty_key_seals_nothing_and_is_refused():
    with pytest.raises(ValueError, match="seal_key"):
        Seal("", b"[seal:")


def test_the_key_is_not_in_its_repr():
    assert "a key" not in repr(SEAL)


def test_a_check_code_fits_one_case_and_one_key(case):
    code = check_code("key", case)
    assert re.fullmatch(r"([A-Z2-7]{4}-){2}[A-Z2-7]{4}", code)
    assert check_code("other key", case) != code
    assert check_code("key", replace(case, title=case.title + ".")) != code
    stored = case_from_json(json.loads(json.dumps(case_to_json(case))))
    assert check_code("key", stored) == code
