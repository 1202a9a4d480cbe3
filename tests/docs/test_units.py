"""The units of systemd that the pages show."""

from __future__ import annotations

import configparser

import pytest
from docs_blocks import DOCS, blocks_of

from selvbetjening_core.cli import serve
from selvbetjening_core.cli.main import main
from selvbetjening_core.composition.installation import read_installation
from selvbetjening_core.problems import Problems

PAGE = DOCS / "municipality" / "many-workers.md"


def units():
    return [block.text for block in blocks_of(PAGE) if block.language == "ini"]


def fault_of(unit, attempt_seconds):
    """What is wrong with a unit; empty: nothing."""
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str
    read.read_string(unit)
    program, command, *options = read["Service"]["ExecStart"].split()
    if not program.endswith("/selvbetjening"):
        return "another program"
    known = main.get_command(None, command)
    names = {name for one in known.params for name in (*one.opts, *one.secondary_opts)}
    if not set(options) <= names:
        return "an option that does not exist"
    longest = attempt_seconds + serve._END_SECONDS
    return "" if int(read["Service"]["TimeoutStopSec"]) > longest else "too little time to stop"


@pytest.fixture
def attempt_seconds(tmp_path):
    """How long an attempt may take where nothing is said."""
    file = tmp_path / "selvbetjening.toml"
    file.write_text('[installation]\nmode = "demo"\nsolutions = []\n')
    return read_installation(file, Problems()).attempt_seconds


def test_units_name_commands_that_exist_and_wait_long_enough(attempt_seconds):
    assert len(units()) == 2
    assert [fault_of(unit, attempt_seconds) for unit in units()] == ["", ""]


def test_a_unit_that_kills_too_early_is_found(attempt_seconds):
    unit = units()[1].replace("TimeoutStopSec=50", "TimeoutStopSec=40")
    assert fault_of(unit, attempt_seconds) == "too little time to stop"
    assert fault_of(units()[0].replace("--https", "--htps"), attempt_seconds)
