"""The rules that the reference shows are read as they stand there, by the real reader."""

from __future__ import annotations

import datetime

import pytest
from docs_blocks import DOCS, blocks_of

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_demo.folder import prepare_folder

PAGES = [DOCS / door / "installation-files.md" for door in ("reference", "kommune")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_rules_of_the_page_are_read(page, tmp_path):
    (shown,) = [block.text for block in blocks_of(page) if "[delivery.journal]" in block.text]
    folder = prepare_folder(tmp_path / "demo")
    file = folder / "municipalities" / "0773.toml"
    file.write_text(f"{file.read_text('utf-8')}\n{shown}\n", "utf-8")
    today = datetime.datetime.now(datetime.UTC).date()
    plan = read_plan(folder / "selvbetjening.toml", register_core, today)
    rules = plan.municipalities["0773"].rules_for("journal")
    assert (rules.at_once, rules.overdue_after) == (1, datetime.timedelta(hours=4))
