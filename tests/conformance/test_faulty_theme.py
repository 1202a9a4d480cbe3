"""The theme kit: a right theme passes it, and each fault is found by the check meant for it."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from selvbetjening_core.testing import ThemeBench, ThemeConformance

FAULTS = {
    "theme_broken_template": {"every-template"},
    "theme_foreign_font": {"nothing-foreign"},
    "theme_without_summary": {"page-rules"},
    "theme_unescaped": {"escaped"},
    "theme_without_token": {"tokens"},
    "theme_hides_demo": {"demo-told"},
    "theme_hides_overtaken": {"overtaken-told"},
    "theme_file_missing": {"static-there"},
    "theme_does_more": {"fields-compiled"},
    "theme_needs_contact": {"bare-pages"},
    "theme_remembers_look": {"looks-apart", "wrong-look-refused"},
    "theme_writes_look": {"look-no-effect"},
    "theme_takes_any_colour": {"wrong-look-refused"},
}


def bench(plugin):
    return nullcontext(
        ThemeBench(
            plugin=plugin,
            looks=({"colour": "#0b5a63"}, {"colour": "#1b6b4a"}),
            refused_looks=({"colour": "seagreen"}, {"colour": "#0b5a63", "color": "#0b5a63"}),
        )
    )


def test_a_right_plugin_passes(kit_results):
    results = kit_results(ThemeConformance, lambda: bench("good_theme"))
    assert set(results.values()) == {"passed"}


@pytest.mark.parametrize("plugin", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it(kit_results, plugin):
    meant = FAULTS[plugin]
    results = kit_results(ThemeConformance, lambda: bench(plugin), only=meant)
    assert {name for name, what in results.items() if what.startswith("failed")} == meant
