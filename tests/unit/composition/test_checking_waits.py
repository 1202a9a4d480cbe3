"""What is right by itself and wrong together: each mistake planted, and found at its place."""

from __future__ import annotations

import pytest
from zope.interface import implementer

from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.interfaces import IDelivery, IDigest
from selvbetjening_core.upkeep.checking import check_waits
from selvbetjening_core.values import Setting

MORS = "municipalities/0773.toml"
SOLUTION = "solutions/permit/solution.toml"
BY_MAIL = '[component.post]\nplugin = "post"\n'


@pytest.fixture(autouse=True)
def _a_folder_each(installation):
    """Nothing is wrong; in production somebody would have to be told, too."""
    installation.change("selvbetjening.toml", '"production"', '"demo"')
    installation.change("municipalities/0751.toml", "var/journal", "var/journal-0751")


@pytest.fixture
def found(installation):
    """``found()``: code, severity, file and path of what is wrong together."""

    def found():
        plan = installation.plan()
        before = len(plan.problems)
        check_waits(plan)
        return [
            (
                one.code,
                str(one.severity),
                one.place.file.relative_to(installation.folder).as_posix(),
                one.place.path,
            )
            for one in plan.problems
            if one.code in CODES
        ][: len(plan.problems) - before]

    return found


CODES = (
    "kept-too-short",
    "draft-too-short",
    "same-destination",
    "nothing-for-unknown",
    "overdue-too-late",
    "digest-to-nobody",
    "nobody-told",
)


@pytest.fixture
def post(installation, make):
    """``post(factory)``: a second plugin that delivers, with one setting that is no path."""

    def post(factory=None):
        settings = [Setting("to", "text", "Whom.", required=False)]
        installation.plugin(
            "post", make.offering(IDelivery, factory or make.Journal, settings=settings)
        )
        installation.plugin_set()

    return post


def test_nothing_is_wrong_to_begin_with(found):
    assert found() == []


def test_what_is_awaited_longer_than_it_is_kept(installation, found):
    installation.change(SOLUTION, "delivered_days = 90", "delivered_days = 6")
    assert set(found()) == {
        ("kept-too-short", "error", f"municipalities/{code}.toml", "component.journal")
        for code in ("0751", "0773")
    }
    for code in ("0751", "0773"):
        file = installation.folder / f"municipalities/{code}.toml"
        text = file.read_text("utf-8")
        file.write_text(f"{text}\n[delivery.journal]\ngive_up_after_days = 6\n", "utf-8")
    assert found() == []


def test_a_wait_that_a_municipality_made_longer(installation, found):
    installation.municipality("0773", more="[delivery.journal]\ngive_up_after_days = 60\n")
    installation.change(SOLUTION, "delivered_days = 90", "delivered_days = 59")
    assert found() == [("kept-too-short", "error", MORS, "component.journal")]


def test_a_draft_that_goes_before_its_payment_is_settled(installation, found):
    installation.change(SOLUTION, "draft_days     = 30", "draft_days     = 7")
    assert ("draft-too-short", "error", SOLUTION, "retention.draft_days") in found()
    installation.change(SOLUTION, "draft_days     = 7", "draft_days     = 8")
    assert found() == []


def two_destinations(installation):
    installation.change(
        SOLUTION, "[[destination]]\n", '[[destination]]\nrole = "archive"\n\n[[destination]]\n'
    )


def test_one_folder_for_two_destinations_of_a_solution(installation, found):
    two_destinations(installation)
    for code in ("0773", "0751"):
        installation.change(
            f"municipalities/{code}.toml", "[roles]\n", '[roles]\narchive = "journal"\n'
        )
    assert {one[:2] for one in found()} == {("same-destination", "error")}


def test_one_mailbox_for_two_destinations_may_be_meant(installation, found, post):
    post()
    two_destinations(installation)
    for code in ("0773", "0751"):
        file = f"municipalities/{code}.toml"
        installation.change(file, "[roles]\n", f'{BY_MAIL}[roles]\narchive = "post"\n')
        installation.change(file, 'case_system = "journal"', 'case_system = "post"')
    assert {one[:2] for one in found()} == {("same-destination", "warning")}


def test_two_components_on_one_folder(installation, found):
    two_destinations(installation)
    for code, folder in (("0773", "journal"), ("0751", "journal-0751")):
        file = f"municipalities/{code}.toml"
        installation.change(file, "[roles]\n", '[roles]\narchive = "archive"\n')
        installation.change(file, '"var/archive"', f'"./var/../var/{folder}"')
    # The solution names the archive first.
    assert found() == [
        ("same-destination", "error", f"municipalities/{code}.toml", "component.journal")
        for code in ("0751", "0773")
    ]


def test_two_municipalities_on_one_folder(installation, found):
    installation.change("municipalities/0751.toml", "var/journal-0751", "var/journal")
    assert [one[0] for one in found()] == ["same-destination"]


def bound_to_post(installation):
    installation.change(MORS, "[roles]\n", f"{BY_MAIL}[roles]\n")
    installation.change(MORS, 'case_system = "journal"', 'case_system = "post"')


def test_a_class_that_says_none(installation, make, found, post):
    post(type("Mute", (make.Journal,), {"resolves_unknown": None}))
    bound_to_post(installation)
    assert found() == [("nothing-for-unknown", "error", MORS, "component.post")]


def test_a_function_whose_class_says_nothing(installation, found, post):
    @implementer(IDelivery)
    class Mute:
        def accepts(self, parcel): ...
        def send(self, parcel): ...

    def made(_context) -> Mute:
        return Mute()

    made.__annotations__ = {"return": Mute}
    post(made)
    bound_to_post(installation)
    assert found() == [("nothing-for-unknown", "error", MORS, "component.post")]


def test_one_that_says_it_of_each_object_is_believed(installation, make, found, post):
    class Later(make.Journal):
        resolves_unknown: str

        def __init__(self, context):
            super().__init__(context)
            self.resolves_unknown = "person"

    post(Later)
    bound_to_post(installation)
    assert found() == []


def test_overdue_only_when_it_is_given_up(installation, found):
    installation.municipality(
        "0773",
        more="[delivery.journal]\ngive_up_after_days = 1\noverdue_after_hours = 24\n",
    )
    assert found() == [("overdue-too-late", "warning", MORS, "component.journal")]


def test_a_digest_that_nobody_sends(installation, found, make):
    installation.municipality("0773", more="[digest]\nhour = 6\n")
    assert found() == [("digest-to-nobody", "warning", MORS, "digest")]

    @implementer(IDigest)
    class Tells:
        def __init__(self, context): ...
        def send(self, digest): ...

    installation.plugin("tells", make.offering(IDigest, Tells))
    installation.plugin_set()
    installation.municipality("0773", more='[component.d]\nplugin = "tells"\n[digest]\nhour = 6\n')
    installation.change(MORS, "[roles]\n", '[roles]\ndigest = "d"\n')
    assert found() == []


def test_in_production_somebody_hears_of_what_does_not_arrive(installation, found, make):
    installation.change("selvbetjening.toml", '"demo"', '"production"')
    told = [
        ("nobody-told", "warning", f"municipalities/{code}.toml", "roles")
        for code in ("0751", "0773")
    ]
    assert found() == told

    @implementer(IDigest)
    class Tells:
        def __init__(self, context): ...
        def send(self, digest): ...

    installation.plugin("tells", make.offering(IDigest, Tells))
    installation.plugin_set()
    installation.municipality("0773", more='[component.d]\nplugin = "tells"\n')
    installation.change(MORS, "[roles]\n", '[roles]\ndigest = "d"\n')
    assert found() == told[:1]


def test_the_digest_is_no_delivery(installation):
    installation.change(MORS, "[roles]\n", '[roles]\ndigest = "journal"\n')
    with pytest.raises(ConfigurationError):
        installation.plan()
    assert [one.code for one in installation.problems] == ["wrong-contract"]


def test_an_hour_that_no_day_has(installation):
    installation.municipality("0773", more="[digest]\nhour = 24\n")
    assert installation.errors() == ["out-of-range"]


@pytest.mark.parametrize("line", ["draft_days = 0", "payment_years = 4", 'erase_list = ""'])
def test_retention_of_the_installation_out_of_range(installation, line):
    installation.write(
        "selvbetjening.toml",
        (installation.folder / "selvbetjening.toml").read_text("utf-8") + f"[retention]\n{line}\n",
    )
    assert len(installation.errors()) == 1
