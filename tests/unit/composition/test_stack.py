"""Running stacks: different answers in one process, independent and frozen."""

from __future__ import annotations

import dataclasses
import datetime
import threading
import timeit
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from zope.interface import Invalid, implementer

from selvbetjening_core.composition import settings
from selvbetjening_core.composition.gateway import unguarded
from selvbetjening_core.composition.secrets import is_reference, read_reference
from selvbetjening_core.composition.stack import build
from selvbetjening_core.composition.verify import Verifier
from selvbetjening_core.errors import ComponentMissing, ConfigurationError, TooBusy
from selvbetjening_core.interfaces import (
    IDelivery,
    IFieldKind,
    IForm,
    IPayment,
    IScheduled,
    ITheme,
)
from selvbetjening_core.values import MemoryStore, Setting, Task, Verdict


@pytest.fixture
def composed(installation, now):
    return build(installation.plan(), now)


def test_two_municipalities_answer_with_different_components(composed, make):
    mors, aarhus = composed.municipalities["0773"], composed.municipalities["0751"]
    card = unguarded(mors.component(IPayment, "payment", "permit"))
    mobile = unguarded(aarhus.component(IPayment, "payment", "permit"))
    assert type(card) is make.Card
    assert type(mobile) is make.Mobile
    assert (card.context.municipality_code, card.context.name) == ("0773", "card")
    assert (mobile.context.municipality_code, mobile.context.name) == ("0751", "mobile")
    assert unguarded(mors.named(IPayment, "mobile")) is not mobile


def test_two_components_of_one_plugin(composed, installation):
    mors = composed.municipalities["0773"]
    journal, archive = (unguarded(mors.named(IDelivery, name)) for name in ("journal", "archive"))
    assert journal is not archive
    assert journal.context.text("path") == str(installation.folder / "var/journal")
    assert archive.context.text("path") == str(installation.folder / "var/archive")


def test_the_solutions_own_binding_hides_the_common_one(installation, now, make):
    installation.municipality("0773", more='[solutions.permit.roles]\npayment = "mobile"\n')
    mors = build(installation.plan(), now).municipalities["0773"]
    assert type(unguarded(mors.component(IPayment, "payment", "permit"))) is make.Mobile
    assert mors.component_name("payment", "other") == "card"


def test_what_the_core_offers_is_found_through_all_layers(composed):
    for municipality in composed.municipalities.values():
        assert municipality.layer.getUtility(IForm)
        assert municipality.layer.getUtility(ITheme, name="plain")
        assert municipality.layer.getUtility(IFieldKind, name="text")


def test_a_field_kind_of_a_plugin_hides_the_cores(installation, make, now):
    installation.plugin("one", lambda register: register.field_kind(make.Kind("text", "one")))
    installation.plugin_set()
    mors = build(installation.plan(), now).municipalities["0773"]
    assert mors.layer.getUtility(IFieldKind, name="text").by == "one"


def test_every_layer_is_frozen(composed):
    layer = composed.municipalities["0773"].layer
    while True:
        with pytest.raises(TypeError, match="frozen"):
            layer.registerUtility(object(), IForm)
        if not layer.__bases__:
            break
        (layer,) = layer.__bases__
    assert layer.__name__ == "core"


def test_built_twice_they_are_equal_and_independent(installation, now):
    plan = installation.plan()
    first, second = build(plan, now), build(plan, now)
    assert set(first.municipalities) == set(second.municipalities)
    for code, one in first.municipalities.items():
        other = second.municipalities[code]
        assert one.layer is not other.layer
        assert one.file is other.file
        mine, theirs = (
            {(u.provided, u.name): unguarded(u.component) for u in layer.registeredUtilities()}
            for layer in (one.layer, other.layer)
        )
        assert mine.keys() == theirs.keys()
        for key, component in mine.items():
            assert type(component) is type(theirs[key])
            assert component is not theirs[key]
            assert component.context == theirs[key].context


def test_reading_again_gives_an_equal_plan(installation):
    first, second = installation.plan(), installation.plan()
    assert first.installation == second.installation
    assert set(first.municipalities) == {"0773", "0751"}
    for code, one in first.municipalities.items():
        other = dataclasses.replace(second.municipalities[code], plugin_set=one.plugin_set)
        assert one == other
        assert one is not second.municipalities[code]


def test_hosts_and_prefixes(composed, installation, now):
    assert composed.by_host("0773.EXAMPLE").code == "0773"
    assert composed.by_host("0773.example.evil") is None
    assert composed.by_host("") is None
    assert composed.by_prefix("/0773/permit")[1].code == "0773"
    assert composed.by_prefix("/0773")[0] == "/0773"
    assert composed.by_prefix("/07731") is None
    assert composed.serves_prefixes("SHARED.example")
    assert not composed.serves_prefixes("0773.example")
    installation.change("municipalities/0751.toml", '["/0751"]', '["/0773/inner"]')
    again = build(installation.plan(), now)
    assert again.by_prefix("/0773/inner/permit")[1].code == "0751"
    assert again.by_prefix("/0773/permit")[1].code == "0773"


def test_a_component_is_found_in_no_time(composed):
    """The aim is 1 µs on a quiet machine; the bound is wide for a busy one."""
    mors = composed.municipalities["0773"]
    best = min(
        timeit.repeat(lambda: mors.component(IPayment, "payment", "permit"), number=2000, repeat=5)
    )
    assert best / 2000 < 0.00001


def test_a_task_needs_somebody_to_carry_it_out(installation, make, now):
    task = Task("sweep", datetime.timedelta(hours=1), "Sweeps.")
    installation.plugin("post", make.offering(IDelivery, make.Journal, tasks=[task]))
    installation.plugin_set()
    installation.municipality("0773", more='[component.post]\nplugin = "post"\n')
    with pytest.raises(ConfigurationError):
        build(installation.plan(), now)


def test_what_a_component_can_do_beside(installation, make, now):
    @implementer(IScheduled)
    class Sweeper(make.Journal):
        def run(self, task): ...

    task = Task("sweep", datetime.timedelta(hours=1), "Sweeps.")
    installation.plugin("post", make.offering(IDelivery, Sweeper, tasks=[task]))
    installation.plugin_set()
    installation.municipality("0773", more='[component.post]\nplugin = "post"\n')
    mors = build(installation.plan(), now).municipalities["0773"]
    assert list(mors.tasks()) == [("post", task)]
    assert mors.beside(IScheduled, "post") is mors.named(IDelivery, "post")
    assert mors.beside(IScheduled, "journal") is None
    with pytest.raises(ComponentMissing):
        mors.named(IScheduled, "post")


@pytest.mark.parametrize("calls", [1, 3])
def test_as_many_calls_are_under_way_as_the_installation_says(
    installation, make, now, a_parcel, calls
):
    begun, goes_on = threading.Semaphore(0), threading.Event()

    @implementer(IDelivery)
    class Slow(make.Journal):
        def accepts(self, parcel):
            begun.release()
            goes_on.wait(20)
            return Verdict(ok=True)

    installation.change("selvbetjening.toml", "[store]", f"[web]\ncalls_at_once = {calls}\n[store]")
    installation.plugin("post", make.offering(IDelivery, Slow))
    installation.plugin_set()
    installation.municipality("0773", more='[component.post]\nplugin = "post"\n')
    parcel = replace(a_parcel, deadline=now() + datetime.timedelta(minutes=1))
    post = build(installation.plan(), now).municipalities["0773"].named(IDelivery, "post")
    with ThreadPoolExecutor(calls) as pool:
        under_way = [pool.submit(post.accepts, parcel) for _ in range(calls)]
        try:
            assert all(begun.acquire(timeout=20) for _ in under_way)
            with pytest.raises(TooBusy, match=f"{calls} calls are under way"):
                post.accepts(parcel)
        finally:
            goes_on.set()
        assert all(one.result(20).ok for one in under_way)


def test_each_component_is_given_its_own_store(installation, now):
    given = {}

    def stores(code, name):
        return given.setdefault((code, name), MemoryStore())

    build(installation.plan(), now, stores)
    assert ("0773", "journal") in given
    assert len(given) == 14


def test_what_is_not_there_says_so(composed):
    mors = composed.municipalities["0773"]
    for ask in (
        lambda: mors.component(IPayment, "archive", "permit"),
        lambda: mors.named(IPayment, "journal"),
        lambda: mors.spec("nothing"),
    ):
        with pytest.raises(ComponentMissing):
            ask()
    assert mors.spec("archive").plugin == "journal"
    assert mors.plugin_versions()["journal"] == "1.0"


SETTINGS = [
    Setting("server", "url", "Where.", required=False),
    Setting("password", "secret", "Which.", required=False),
]


@pytest.fixture
def with_settings(installation, make, now):
    """Build with one more component in 0773, made by ``factory``."""

    def built(lines, factory=make.Journal):
        installation.plugin("post", make.offering(IDelivery, factory, settings=SETTINGS))
        installation.plugin_set()
        installation.municipality("0773", more=f'[component.post]\nplugin = "post"\n{lines}')
        mors = build(installation.plan(), now).municipalities["0773"]
        return unguarded(mors.named(IDelivery, "post"))

    return built


def problem_of(caught):
    (problem,) = caught.value.problems
    return problem


def test_references_are_followed(with_settings, installation, monkeypatch):
    monkeypatch.setenv("MADE_UP_URL", "smtp://user:hunter2-of-ours@mail.example")
    installation.write("secrets/post", "hunter2-of-ours\r\n")
    made = with_settings('server = "env:MADE_UP_URL"\npassword = "file:secrets/post"\n')
    assert made.context.settings == {
        "server": "smtp://user:hunter2-of-ours@mail.example",
        "password": "hunter2-of-ours",
    }


def test_what_components_share_is_read_once_and_anew_by_the_next_composition(
    with_settings, installation, now, monkeypatch
):
    read = []
    reads = settings.read_reference
    monkeypatch.setattr(
        settings, "read_reference", lambda *given: read.append(given[0]) or reads(*given)
    )
    installation.write("secrets/post", "first")
    line = 'password = "file:secrets/post"\n'
    first = with_settings(f'{line}[component.other]\nplugin = "post"\n{line}')
    installation.write("secrets/post", "second")
    mors = build(installation.plan(), now).municipalities["0773"]
    other = unguarded(mors.named(IDelivery, "other"))
    assert [one.context.text("password") for one in (first, other)] == ["first", "second"]
    assert read == ["file:secrets/post"] * 2


@pytest.mark.parametrize(
    ("lines", "told", "advice"),
    [
        (
            'password = "env:MADE_UP_NONE"\n',
            "MADE_UP_NONE is not set",
            "set the environment variable MADE_UP_NONE",
        ),
        (
            'password = "env:MADE_UP_EMPTY"\n',
            "MADE_UP_EMPTY is not set, or empty",
            "set the environment variable MADE_UP_EMPTY",
        ),
        (
            'password = "file:secrets/none"\n',
            "secrets/none cannot be read",
            "write the file secrets/none,",
        ),
        ('password = "file:secrets"\n', "secrets cannot be read", "write the file secrets,"),
        (
            'password = "file:secrets/latin"\n',
            "secrets/latin is not text in UTF-8",
            "write the file secrets/latin,",
        ),
        (
            'password = "file:secrets/empty"\n',
            "secrets/empty is empty",
            "write the file secrets/empty,",
        ),
        (
            'server = "env:MADE_UP_SECRET"\n',
            "does not hold an address for server",
            "put the address where env:MADE_UP_SECRET",
        ),
    ],
)
def test_references_to_nothing(with_settings, installation, monkeypatch, lines, told, advice):
    monkeypatch.setenv("MADE_UP_EMPTY", "")
    monkeypatch.setenv("MADE_UP_SECRET", "hunter2")
    installation.write("secrets/empty", "\n")
    (installation.folder / "secrets/latin").write_bytes(b"hunter2 \xe6")
    with pytest.raises(ConfigurationError) as caught:
        with_settings(lines)
    problem = problem_of(caught)
    assert (problem.code, problem.place.path) == ("secret-missing", "component.post")
    assert told in problem.message
    assert problem.advice.startswith(advice)
    assert "hunter2" not in problem.message + problem.advice
    assert str(installation.folder) not in problem.message + problem.advice


def test_a_plugin_that_cannot_make_its_component_tells_no_secret(with_settings, monkeypatch):
    monkeypatch.setenv("MADE_UP_SECRET", "hunter2-of-ours")

    def factory(context):
        raise ValueError(f"bad password {context.text('password')}")

    with pytest.raises(ConfigurationError) as caught:
        with_settings('password = "env:MADE_UP_SECRET"\n', factory)
    problem = problem_of(caught)
    assert problem.code == "component-broken"
    assert "ValueError: bad password …" in problem.message


@pytest.mark.parametrize("mode", ["production", "demo"])
def test_a_secret_that_everybody_knows_is_refused_outside_a_demo(
    with_settings, installation, monkeypatch, mode
):
    monkeypatch.setenv("MADE_UP_SECRET", "Change-Me!")
    monkeypatch.setenv("MADE_UP_URL", "smtp://user:secret123@mail.example")
    installation.change("selvbetjening.toml", 'mode = "production"', f'mode = "{mode}"')
    lines = 'password = "env:MADE_UP_SECRET"\nserver = "env:MADE_UP_URL"\n'
    if mode == "demo":
        assert with_settings(lines).context.settings["password"] == "Change-Me!"
        return
    with pytest.raises(ConfigurationError) as caught:
        with_settings(lines)
    found = list(caught.value.problems)
    assert [one.code for one in found] == ["default-secret"] * 2
    assert not any(word in str(one) for one in found for word in ("Change", "secret123"))


def test_what_a_factory_makes_is_verified(with_settings):
    with pytest.raises(ConfigurationError) as caught:
        with_settings("", lambda context: object())  # noqa: ARG005
    assert problem_of(caught).code == "component-broken"


def test_all_problems_of_building_are_told_together(installation, make, now):
    installation.plugin("post", make.offering(IDelivery, make.Journal, settings=SETTINGS))
    installation.plugin_set()
    for code in ("0773", "0751"):
        installation.municipality(
            code, more='[component.post]\nplugin = "post"\npassword = "env:MADE_UP_NONE"\n'
        )
    with pytest.raises(ConfigurationError) as caught:
        build(installation.plan(), now)
    assert caught.value.problems.count_errors() == 2


@pytest.mark.parametrize("good", ["env:A", "env:_a1", "file:/etc/x", "file:a b"])
def test_references(good):
    assert is_reference(good)


@pytest.mark.parametrize("bad", ["", "env:", "env:1", "env:A-B", "file:", "secret", "env:A\n"])
def test_no_references(bad):
    assert not is_reference(bad)


def test_a_relative_reference_starts_from_the_installation(tmp_path):
    (tmp_path / "secret").write_text("x\n")
    assert read_reference("file:secret", tmp_path) == "x"
    assert read_reference(f"file:{tmp_path / 'secret'}", tmp_path / "elsewhere") == "x"


@implementer(IScheduled)
class CalledOtherwise:
    def run(self): ...


@implementer(IScheduled)
class CalledAsPromised:
    def run(self, task): ...


def test_what_a_function_makes_is_looked_at_each_time_until_it_is_right():
    verifier = Verifier()
    for _ in range(2):
        with pytest.raises(Invalid):
            verifier.verify(IScheduled, CalledOtherwise())
    verifier.verify(IScheduled, CalledAsPromised())


def test_a_component_is_found_in_its_municipalitys_layer_too(composed):
    mors = composed.municipalities["0773"]
    assert mors.layer.queryUtility(IPayment, name="card") is mors.named(IPayment, "card")
