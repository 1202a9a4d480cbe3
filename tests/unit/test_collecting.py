"""When Python looks for garbage."""

from __future__ import annotations

import gc

import pytest

from selvbetjening_core.collecting import collected_later


def test_a_start_is_not_interrupted_and_afterwards_it_is_as_before():
    assert gc.isenabled()
    with collected_later():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_start_that_fails_leaves_it_on():
    with pytest.raises(ValueError, match="fails"), collected_later():
        raise ValueError("fails")
    assert gc.isenabled()


def test_one_who_had_it_off_keeps_it_off():
    gc.disable()
    try:
        with collected_later():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
