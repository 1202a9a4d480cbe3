"""What the pages about scanning tell clamd, told to a real one; and what they show of it."""

from __future__ import annotations

import datetime
from pathlib import Path

import clamd as server
import pytest
from click.testing import CliRunner
from docs_blocks import DOCS, blocks_of

from selvbetjening_clamav import plugin
from selvbetjening_clamav.archives import Limits
from selvbetjening_clamav.counterpart import ClamdCounterpart
from selvbetjening_clamav.plugin import SETTINGS, clamd_of
from selvbetjening_clamav.wellbeing import found_by_asking
from selvbetjening_core.cli.main import main
from selvbetjening_demo.folder import prepare_folder

PAGES = [DOCS / door / "scan-uploads.md" for door in ("municipality", "kommune")]
TODAY = datetime.date(2026, 11, 22)


def block(page, test):
    (found,) = [one.text for one in blocks_of(page) if one.about.endswith(f"::{test}")]
    return found


def lines_for_clamd(page):
    text = block(page, "test_the_lines_for_clamd_do_what_the_page_says")
    return dict(line.split() for line in text.splitlines())


@pytest.mark.skipif(server.CLAMD is None, reason=server.MISSING)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_lines_for_clamd_do_what_the_page_says(page):
    """With them it tells of everything; without them it does not."""
    lines = lines_for_clamd(page)
    without = {name: "no" if value == "yes" else value for name, value in lines.items()}
    for written, expected in ((lines, set()), (without, {"encrypted files", "limits"})):
        with server.running(written) as running:
            settings = {one.name: one.default for one in SETTINGS} | {"socket": str(running.path)}
            found = found_by_asking(clamd_of(settings), 7, TODAY)
            ill = {one.name for one in found if not one.is_ok}
        # Signatures of our own have no date.
        assert ill - {"signatures"} == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_lines_for_clamd_fit_the_plugins_limits(page):
    megabytes = {
        name: int(value.removesuffix("M")) * 1024 * 1024
        for name, value in lines_for_clamd(page).items()
        if value.endswith("M")
    }
    (largest,) = [one.default for one in SETTINGS if one.name == "largest_mb"]
    limits = Limits(largest * 1_000_000)
    assert limits.largest <= megabytes["StreamMaxLength"]
    assert limits.largest <= megabytes["MaxFileSize"]
    assert limits.together <= megabytes["MaxScanSize"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_health_says_what_the_page_shows(page, tmp_path, monkeypatch):
    monkeypatch.setattr(plugin, "_today", lambda: TODAY)
    folder = Path(prepare_folder(tmp_path / "demo"))
    with ClamdCounterpart(alerts=False) as remote:
        file = folder / "plugin_sets" / "standard.toml"
        text = file.read_text("utf-8").replace('"folder"', '"folder", "clamav"', 1)
        told = f'\n[plugin.clamav]\nhost = "127.0.0.1"\nport = {remote.port}\n'
        file.write_text(text + told, "utf-8")
        result = CliRunner().invoke(main, ["health", "--config", str(folder)])
    shown = block(page, "test_health_says_what_the_page_shows").splitlines()
    assert shown[:2] == ["$ selvbetjening health", "..."]
    assert result.output.splitlines()[-len(shown[2:]) :] == shown[2:]
    assert result.exit_code == 1
