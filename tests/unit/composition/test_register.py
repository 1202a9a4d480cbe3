"""What a plugin may say, and what it is told when it says something else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from selvbetjening_core import interfaces
from selvbetjening_core.composition.register import Register, SetContext, contract_word
from selvbetjening_core.interfaces import IDelivery, IForm, IImporter, ISecrets, ISolutions
from selvbetjening_core.values import Setting, Task


@pytest.fixture
def register():
    return Register(SetContext("standard", "demo", "acme", "1.2.3"))


@pytest.mark.parametrize(
    ("contract", "word"),
    [
        ("IDelivery", "delivery"),
        ("IFieldKind", "field_kind"),
        ("IDeliveryQuery", "delivery_query"),
        ("IForm", "form"),
    ],
)
def test_contract_words(contract, word):
    assert contract_word(getattr(interfaces, contract)) == word


def test_contract_words_differ():
    words = [contract_word(getattr(interfaces, name)) for name in interfaces.__all__]
    assert len(words) == len(set(words))


def test_an_offer_knows_who_made_it_and_where(register, make):
    register.component(IDelivery, make.Journal, help="Delivers.")
    (offer,) = register.offers
    assert (offer.plugin, offer.version, offer.contract) == ("acme", "1.2.3", IDelivery)
    assert offer.place.file.name == "test_register.py"
    assert offer.place.line > 0


def test_claims_have_keys(register, make):
    register.field_kind(make.Kind("plate"))
    register.theme(make.Theme("blue"))
    register.shared(IForm, object())
    assert [claim.key for claim in register.claims] == ["field_kind:plate", "theme:blue", "form"]
    assert {claim.place.file.name for claim in register.claims} == {"test_register.py"}


def test_what_adds_to_each_other_is_claimed_by_its_own_word(register):
    for word in ("orbeon", "xforms"):
        register.shared(IImporter, SimpleNamespace(format=word))
        register.shared(ISecrets, SimpleNamespace(scheme=word))
    register.shared(ISolutions, object())
    assert [claim.key for claim in register.claims] == [
        *("importer:orbeon", "secrets:orbeon", "importer:xforms", "secrets:xforms"),
        "solutions:acme",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((dict, dict), "contract must be an Interface"),
        (("IDelivery", dict), "contract must be an Interface"),
        ((IDelivery, "Journal"), "factory must be callable"),
    ],
)
def test_components_of_the_wrong_kind(register, arguments, message):
    with pytest.raises(TypeError, match=message):
        register.component(*arguments, help="?")
    assert register.offers == []


def test_settings_of_the_wrong_kind(register):
    with pytest.raises(TypeError, match="settings must be a sequence of Setting"):
        register.component(IDelivery, dict, help="?", settings=["path"])
    register.component(IDelivery, dict, help="?", settings=[Setting("path", "path", "Where.")])


def test_kinds_and_shared_components_of_the_wrong_kind(register):
    with pytest.raises(TypeError, match="declaration"):
        register.field_kind(object())
    with pytest.raises(TypeError, match="contract"):
        register.shared(object, object())


@pytest.mark.parametrize("task", ["sweep", Task("sweep", 600, "Sweeps."), Task("x", None, "")])
def test_a_task_that_cannot_become_due_is_refused(register, make, task):
    with pytest.raises(TypeError, match=r"Task|timedelta"):
        register.component(IDelivery, make.Journal, help="Delivers.", tasks=[task])
