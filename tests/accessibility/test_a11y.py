"""The suite ``a11y`` in small, in plain tox. The whole of it: ``tox run -e a11y``."""

from __future__ import annotations

from types import SimpleNamespace

import a11y
import kind_samples
import node_packages
import pytest
import suite
from suite import Options

from selvbetjening_core.themes.plain import PLAIN
from walking.chromium import NoBrowser, find_chromium

SMALL = Options(small=True)


@pytest.fixture
def browser():
    """Everything that a browser test needs, or the reason why it is left out."""
    pytest.importorskip("playwright")
    try:
        find_chromium()
        a11y._axe()
    except (NoBrowser, node_packages.NoPackages) as reason:
        pytest.skip(f"browser tests: {reason}")


@pytest.mark.usefixtures("browser")
def test_four_kinds_are_there_for_everybody():
    result = a11y.run(SMALL)
    assert result.missed == []
    assert result.figures["kinds"] == 4
    assert result.figures["stops of the Tab key"] > 10


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("fault", ["unseen-focus", "lost-answer"])
def test_a_browser_sees_what_is_wrong(fault):
    assert suite.missed(a11y.run, Options(small=True, fault=fault))


@pytest.mark.fetched
@pytest.mark.parametrize("fault", ["error-invalid", "date-order", "button-classes"])
def test_a_rule_finds_what_breaks_it(fault):
    assert suite.missed(a11y.run, Options(small=True, fault=fault))


def test_every_kind_has_a_sample_and_every_state_shows_what_it_says():
    for sample in kind_samples.samples():
        for state in sample.states:
            step = sample.compiled(state, "da", PLAIN, {PLAIN.name: PLAIN})
            shown = step.render(sample.in_state(step, state))
            assert ("form-error-message" in shown.html) == (state == "error"), sample.name


def test_every_kind_keeps_our_own_rules_in_the_built_in_look():
    tally = a11y.Tally()
    a11y._rules(a11y._samples(), a11y._dresses(small=True), a11y.Fault(""), tally)
    assert tally.missed == []
    assert tally.counts["pages held to own rules"] > 150


def test_a_kind_without_a_sample_is_told_what_to_do():
    kind = SimpleNamespace(declaration=SimpleNamespace(name="shoe_size", takes_answer=True))
    with pytest.raises(kind_samples.NoSample, match="FIELD_KINDS of its conformance module"):
        kind_samples.sample_of(kind, {})
    bench = kind_samples.FieldKindBench(plugin="acme", kind="shoe_size")
    with pytest.raises(kind_samples.NoSample, match="accepted and refused"):
        kind_samples.sample_of(kind, {"shoe_size": bench})
