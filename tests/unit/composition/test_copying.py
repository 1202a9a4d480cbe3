"""What a component does not declare to read, it is not given."""

from __future__ import annotations

import io
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
    assert (copy.case.groups, copy.documents, copy.attachments) == ((), (), ())
    assert (copy.key, copy.case.receipt_number) == (parcel.key, parcel.case.receipt_number)
    for word in (CPR, "Nancy", "Nygade", "lost", "pas.pdf"):
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
        (Data.ATTACHMENTS, lambda copy: copy.attachments == ()),
    ],
)
def test_each_kind_is_withheld_by_itself(parcel, data, missing):
    assert missing(Copier(set(Data) - {data}).copy(parcel))
    assert not missing(Copier({data}).copy(parcel))


def test_an_attachment_alone_cannot_be_opened(parcel):
    withheld = Copier(()).copy(parcel.attachments[0])
    assert withheld.name == ""
    with pytest.raises(NotDeclared, match="ATTACHMENTS"):
        withheld.open()


def test_a_document_to_be_verified_is_given():
    document = Document("kvittering.pdf", "application/pdf", b"x")
    assert Copier(()).copy(document) == document
