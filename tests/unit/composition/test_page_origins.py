"""What browsers are allowed beside our own host: declared, checked, and summed up."""

from __future__ import annotations

import pytest

from selvbetjening_core.composition.page_origins import check_origins, told_origins
from selvbetjening_core.composition.register import Register, SetContext
from selvbetjening_core.composition.stack import build
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.interfaces import IDelivery, IPayment
from selvbetjening_core.values import PageNeeds, Setting

FILE = "municipalities/0773.toml"
URL = Setting("page", "url", help="The provider's page.", required=False, default="")


def _add(installation, text):
    file = installation.folder / FILE
    file.write_text(f"{file.read_text('utf-8')}\n{text}\n", "utf-8")


def _pays(installation, make, written, *more):
    """A payment component of which a municipality's file says where its provider is."""
    offer = make.offering(IPayment, make.Card, settings=(URL,), sends_to=("page", *more))
    installation.plugin("acme_pay", offer)
    installation.plugin_set()
    _add(installation, f'[component.acme]\nplugin = "acme_pay"\npage = "{written}"')
    installation.change(FILE, 'payment     = "card"', 'payment     = "acme"')


@pytest.fixture
def register():
    return Register(SetContext("standard", "demo", "acme", "1.2.3"))


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.acme.dk", "https://acme.dk/pay", "'unsafe-inline'", "http://acme.dk", "pay"],
)
def test_what_is_no_origin_cannot_be_declared(register, make, origin):
    with pytest.raises(TypeError, match="write an origin"):
        register.component(IPayment, make.Journal, help="?", settings=(URL,), sends_to=(origin,))
    with pytest.raises(TypeError, match="write an origin"):
        register.pages(PageNeeds(images=(origin,)))
    with pytest.raises(TypeError, match="needs must be a PageNeeds"):
        register.pages({"images": ["https://acme.dk"]})
    assert (register.offers, register.page_needs) == ([], None)


def test_a_setting_that_is_no_address_cannot_be_declared(register, make):
    secret = Setting("word", "secret", help="?")
    with pytest.raises(TypeError, match="write an origin"):
        register.component(
            IDelivery, make.Journal, help="?", settings=(secret,), sends_to=("word",)
        )


def test_forms_end_where_the_components_of_the_solution_send_the_browser(installation, make, now):
    _pays(installation, make, "https://pay.acme.dk/in?x=1", "https://broker.acme.dk")
    municipality = build(installation.plan(), now).municipalities["0773"]
    expected = ("https://broker.acme.dk", "https://pay.acme.dk")
    assert municipality.form_origins == {"": expected, "permit": expected}


def test_an_address_that_is_kept_elsewhere_counts_when_it_is_read(
    installation, make, now, monkeypatch
):
    monkeypatch.setenv("ACME_PAY", "https://pay.acme.dk/in")
    _pays(installation, make, "env:ACME_PAY")
    plan = installation.plan()
    assert list(told_origins(plan)) == ["0773 0773 Kommune: forms may end at env:ACME_PAY (acme)"]
    origins = build(plan, now).municipalities["0773"].form_origins
    assert origins[""] == ("https://pay.acme.dk",)


def test_citizens_are_sent_nowhere_without_https(installation, make, now, monkeypatch):
    monkeypatch.setenv("ACME_PAY", "http://pay.acme.dk/in")
    _pays(installation, make, "env:ACME_PAY")
    with pytest.raises(ConfigurationError) as told:
        build(installation.plan(), now)
    assert [one.code for one in told.value.problems] == ["insecure-address"]


def test_what_is_written_plainly_is_found_by_the_checker(installation, make):
    _pays(installation, make, "http://pay.acme.dk/in")
    plan = installation.plan()
    check_origins(plan)
    (problem,) = [one for one in plan.problems if one.code == "insecure-address"]
    assert problem.place.file.name == "0773.toml"
    assert problem.place.line > 1


def test_frames_are_told_and_written_as_browsers_compare_them(installation):
    installation.change("selvbetjening.toml", '"production"', '"demo"')
    _add(installation, '[framing]\nancestors = ["https://www.mors.dk", "http://localhost:8080"]')
    plan = installation.plan()
    assert plan.municipalities["0773"].frame_ancestors == (
        "https://www.mors.dk",
        "http://localhost:8080",
    )
    assert list(told_origins(plan)) == [
        "0773 0773 Kommune: pages without login may be framed by https://www.mors.dk",
        "0773 0773 Kommune: pages without login may be framed by http://localhost:8080",
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('[framing]\nancestors = ["https://*.mors.dk"]', ["bad-origin"]),
        ('[framing]\nancestors = ["*"]', ["bad-origin"]),
        ('[framing]\nancestors = ["https://mors.dk/"]', ["bad-origin"]),
        ('[framing]\nancestors = ["http://mors.dk"]', ["bad-origin"]),
        # Only in a demo.
        ('[framing]\nancestors = ["http://localhost:8080"]', ["bad-origin"]),
        ("[framing]\nancestors = []", ["empty-list"]),
        ("[framing]", ["missing-key"]),
        ("[framing]\nancestor = 1", ["unknown-key"]),
    ],
)
def test_frames_that_nobody_can_mean(installation, text, codes):
    _add(installation, text)
    assert installation.errors() == codes


def test_pages_of_a_plugin_are_told(installation):
    def register(register):
        register.pages(PageNeeds(images=("https://tiles.acme.dk",)))

    installation.plugin("acme_map", register)
    installation.plugin_set()
    plan = installation.plan()
    assert list(told_origins(plan)) == [
        "pages of the plugin acme_map (standard): pictures from https://tiles.acme.dk"
    ]


def test_what_is_bound_to_nothing_is_kept_for_what_began_with_it(installation, make, now):
    _pays(installation, make, "https://pay.acme.dk/in")
    installation.change(FILE, 'payment     = "acme"', 'payment     = "card"')
    municipality = build(installation.plan(), now).municipalities["0773"]
    assert municipality.form_origins["permit"] == ("https://pay.acme.dk",)
