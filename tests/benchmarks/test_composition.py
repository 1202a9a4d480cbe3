"""Looking up, composing and starting stay fast, however much is installed.

In a plain run of the tests few rounds are measured, and the bounds only catch
what is grossly slow; `tox run -e composition-bench` measures, and keeps what it
found in the documentation.
"""

from __future__ import annotations

import datetime
import time

import pytest
from composing.measure import CONTROL, FULL, QUICK, medians, seconds_a_call, seconds_of
from composing.sites import USED, Start, installation, plugin, site, start
from composing.town import ENVIRONMENT, country

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition import compose
from selvbetjening_core.composition.stack import build
from selvbetjening_core.interfaces import IPayment

TODAY = datetime.date(2026, 11, 2)
LOOKUP = 1e-6
COMPOSING = 0.2
GROWTH = 0.05
FEW, MANY = USED, 200


def utc_now():
    return datetime.datetime.now(tz=datetime.UTC)


@pytest.fixture(scope="module", autouse=True)
def environment():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def country_file(tmp_path_factory):
    return country(tmp_path_factory.mktemp("country"))


@pytest.fixture(scope="module")
def country_with_logos_file(tmp_path_factory):
    return country(tmp_path_factory.mktemp("country-with-logos"), receipts_with_logos=True)


def composed(file):
    return build(compose.read_plan(file, register_core, TODAY), utc_now)


# -- looking up -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def lookups(country_file):
    """Both ways to a component, as a request would go them."""
    municipality = composed(country_file).municipalities["0665"]
    layer = municipality.layer
    return {
        "registry_ns": lambda: layer.queryUtility(IPayment, name="card"),
        "component_ns": lambda: municipality.component(IPayment, "payment", "sundhedskort"),
    }


def lookup_times(works, extent):
    """Seconds a call, by name."""
    measured = {
        name: lambda work=work: seconds_a_call(work, extent) for name, work in works.items()
    }
    return medians(measured, extent)


def test_a_component_is_found_within_a_microsecond(lookups, extent, figures):
    assert all(work() is not None for work in lookups.values())
    found = lookup_times(lookups, extent)
    figures |= {name: round(seconds * 1e9) for name, seconds in found.items()}
    figures |= {"rounds": extent.rounds, "warm_ups": extent.warm_ups, "calls": extent.calls}
    assert max(found.values()) <= LOOKUP * extent.patience, found


def test_a_slow_look_up_would_be_found(lookups):
    work = lookups["component_ns"]
    found = lookup_times({"planted": lambda: [work() for _ in range(30)]}, CONTROL)
    assert found["planted"] > LOOKUP


# -- composing ------------------------------------------------------------------------


def test_98_municipalities_are_composed_within_a_fifth_of_a_second(
    country_file, country_with_logos_file, extent, figures
):
    composition = composed(country_file)
    assert len(composition.municipalities) == 98
    works = {
        name: lambda file=file: seconds_of(lambda: composed(file), extent)
        for name, file in {"plain": country_file, "with_logos": country_with_logos_file}.items()
    }
    times = medians(works, extent)
    found, logos = times["plain"], times["with_logos"] - times["plain"]
    files = composition.plan.municipalities.values()
    figures |= {
        "municipalities": len(composition.municipalities),
        "components": sum(len(file.components) for file in files),
        "compose_ms": round(found * 1000),
        "receipt_logo_ms": round(logos * 1000 / (len(files) / 2), 1),
    }
    assert found <= COMPOSING * extent.patience


def test_slow_composing_would_be_found(country_file, monkeypatch):
    def slow(*arguments):
        time.sleep(0.003)
        return read(*arguments)

    read = compose.read_municipality
    monkeypatch.setattr(compose, "read_municipality", slow)
    assert seconds_of(lambda: composed(country_file), CONTROL) > COMPOSING


# -- starting -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """An import path with few, and one with many, distributions of plugins."""
    folder = tmp_path_factory.mktemp("sites")
    return {number: site(folder / str(number), number) for number in (FEW, MANY)}


@pytest.fixture(scope="module")
def started(tmp_path_factory, sites):
    """Start a process with so many distributions installed."""
    file = installation(tmp_path_factory.mktemp("installation"))

    def started(number, extent=QUICK, planted="") -> Start:
        return start(file, sites[number], ENVIRONMENT, extent, planted)

    return started


USED_PLUGINS = tuple(plugin(number) for number in range(USED))


def growth(started, extent, planted=""):
    """How much later a start with many installed is done, and both medians."""
    works = {
        str(number): lambda number=number: started(number, extent, planted).seconds
        for number in (FEW, MANY)
    }
    found = medians(works, extent)
    return found[str(MANY)] - found[str(FEW)], found


def test_200_installed_plugins_hardly_slow_the_start(started, extent, figures):
    grown, found = growth(started, extent)
    figures |= {
        "growth_ms": round(grown * 1000),
        "start_10_ms": round(found[str(FEW)] * 1000),
        "start_200_ms": round(found[str(MANY)] * 1000),
    }
    assert grown <= GROWTH * extent.patience


def test_no_plugin_is_imported_that_no_set_names(started, figures):
    imported = set(started(MANY).imported)
    assert imported >= set(USED_PLUGINS)
    figures["imported"] = len(imported - set(USED_PLUGINS))
    assert figures["imported"] == 0


def test_a_planted_import_would_be_found(started):
    assert plugin(150) in started(MANY, planted=f"import {plugin(150)}.plugin").imported


def test_a_start_that_grows_with_what_is_installed_would_be_found(started):
    planted = """
from importlib import metadata
for point in metadata.entry_points(group="selvbetjening.plugins"):
    time.sleep(0.002)
"""
    assert growth(started, CONTROL, planted)[0] > GROWTH


def test_the_whole_run_has_no_patience():
    assert FULL.patience == 1
    assert FULL.rounds > QUICK.rounds
