"""What a component does not declare to read, it is not given."""

from __future__ import annotations

import datetime
import io
import zoneinfo
from dataclasses import replace

import pytest

from selvbetjening_core.composition.copying import Copier
from selvbetjening_core.errors import NotDeclared
from selvbetjening_core.values import Attachment, CprNumber, Data, Document

CPR = "2512484916"


@pytest.fixture
def parcel(a_parcel):
    attachment = Attachment("pas.pdf", "application/pdf", 3, "ab", lambda: io.BytesIO(b"pdf"))
    return replace(a_parcel, attachments=(attachment,))


def test_all_declared_all_given(parcel):
    copy = Copier().copy(parcel)
    assert copy == parcel
    assert copy is not parcel
    assert copy.case.parties.actor.cpr.reveal() == CPR
    assert copy.attachments[0].open().read() == b"pdf"


def test_nothing_declared_nothing_personal_given(parcel):
    copy = Copier(()).copy(parcel)
    person = copy.case.parties.actor
    assert (person.name, person.address) == ("", None)
    assert (copy.case.groups, copy.documents) == ((), ())
    assert (copy.key, copy.case.receipt_number) == (parcel.key, parcel.case.receipt_number)
    for word in (CPR, "Kirsten", "Testpark", "lost", "pas.pdf"):
        assert word not in repr(copy)


@pytest.mark.parametrize(
    "ask",
    [
        lambda cpr: cpr.reveal(),
        lambda cpr: cpr.birth_date,
        lambda cpr: cpr.age_on(None),
    ],
)
def test_reaching_for_a_withheld_number_says_what_to_declare(parcel, ask):
    cpr = Copier(set(Data) - {Data.CPR}).copy(parcel).case.parties.actor.cpr
    with pytest.raises(NotDeclared, match=r"reads=\[Data\.CPR\]") as caught:
        ask(cpr)
    assert CPR not in str(caught.value)
    assert not hasattr(cpr, "_digits")
    assert isinstance(cpr, CprNumber)
    assert str(cpr) == "******-****"


def test_withheld_numbers_still_tell_people_apart(parcel):
    other = replace(parcel.case.parties.actor, cpr=CprNumber("0108185678"))
    parties = replace(parcel.case.parties, principal=other)
    two = Copier(()).copy(replace(parcel.case, parties=parties)).parties
    assert two.actor.cpr != two.principal.cpr
    same = Copier(()).copy(parcel.case).parties
    assert same.actor.cpr == same.principal.cpr
    assert hash(same.actor.cpr) == hash(same.principal.cpr)


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (Data.NAME, lambda copy: copy.case.parties.actor.name == ""),
        (Data.ADDRESS, lambda copy: copy.case.parties.actor.address is None),
        (Data.ANSWERS, lambda copy: copy.case.groups == ()),
        (Data.DOCUMENTS, lambda copy: copy.documents == ()),
        (Data.ATTACHMENTS, lambda copy: copy.attachments[0].sha256 == ""),
    ],
)
def test_each_kind_is_withheld_by_itself(parcel, data, missing):
    assert missing(Copier(set(Data) - {data}).copy(parcel))
    assert not missing(Copier({data}).copy(parcel))


def test_an_attachment_can_be_counted_and_not_opened(parcel):
    (withheld,) = Copier(()).copy(parcel).attachments
    assert (withheld.name, withheld.sha256) == ("", "")
    assert (withheld.media_type, withheld.size) == ("application/pdf", 3)
    with pytest.raises(NotDeclared, match="ATTACHMENTS"):
        withheld.open()


def test_a_document_to_be_verified_is_given():
    document = Document("kvittering.pdf", "application/pdf", b"x")
    assert Copier(()).copy(document) == document


class Summer(datetime.tzinfo):
    """A zone of a vendor's own, whose code nobody knows."""

    def utcoffset(self, _moment):
        return datetime.timedelta(hours=2)

    def dst(self, _moment):
        return datetime.timedelta(hours=1)

    def tzname(self, _moment):
        return "summer"


class Nowhere(Summer):
    def utcoffset(self, _moment):
        return None


class OwnMoment(datetime.datetime):
    """As libraries for dates have them."""


NOON = datetime.datetime(2026, 6, 1, 12, 0, 0, 7, tzinfo=datetime.UTC)


def test_a_moment_stays_the_same_without_the_vendors_zone():
    copy = Copier().copy(NOON.astimezone(Summer()))
    assert copy == NOON
    assert type(copy.tzinfo) is datetime.timezone
    assert copy.utcoffset() == datetime.timedelta(hours=2)


def test_a_moment_in_a_zone_that_tells_nothing_has_none():
    assert Copier().copy(NOON.replace(tzinfo=Nowhere())).tzinfo is None


def test_a_moment_of_a_zone_of_pythons_stays_in_it():
    zone = zoneinfo.ZoneInfo("Europe/Copenhagen")
    twice = datetime.datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=1)
    copy = Copier().copy(twice)
    assert (copy.tzinfo, copy.fold) == (zone, 1)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (OwnMoment(2026, 6, 1, 12, tzinfo=datetime.UTC), datetime.datetime),
        (type("OwnDay", (datetime.date,), {})(2026, 6, 1), datetime.date),
        (type("OwnText", (str,), {})("text"), str),
        (type("OwnNumber", (int,), {})(7), int),
        (type("OwnFraction", (float,), {})(0.5), float),
        (type("OwnBytes", (bytes,), {})(b"bytes"), bytes),
        (type("OwnTuple", (tuple,), {})((1, 2)), tuple),
        (type("OwnDict", (dict,), {})({"a": 1}), dict),
        ({1, 2}, frozenset),
        (True, bool),
        (Data.CPR, Data),
    ],
)
def test_copies_are_of_plain_types(value, kind):
    copy = Copier().copy(value)
    assert copy == value
    assert type(copy) is kind
