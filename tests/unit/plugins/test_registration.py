from __future__ import annotations

import importlib

import pluggy
import pytest

from selvbetjening_core import hooks
from selvbetjening_core.hooks import Register, SetContext
from selvbetjening_core.interfaces import (
    IDelivery,
    IDigest,
    IIdentity,
    ILookup,
    IPayment,
    IPrefill,
    IReceipt,
    IScanner,
)
from selvbetjening_core.interfaces.versions import CONTRACTS

PLUGINS = {
    "clamav": ("selvbetjening_clamav.plugin", IScanner, False),
    "demo_addresses": ("selvbetjening_demo.addresses", ILookup, True),
    "demo_identity": ("selvbetjening_demo.identity", IIdentity, True),
    "demo_payment": ("selvbetjening_demo.payment", IPayment, True),
    "demo_register": ("selvbetjening_demo.register", IPrefill, True),
    "folder": ("selvbetjening_folder.plugin", IDelivery, False),
    "host_identity": ("selvbetjening_host_identity.plugin", IIdentity, False),
    "mail": ("selvbetjening_mail.plugin", IDelivery, False),
    "nemlogin": ("selvbetjening_nemlogin.plugin", IIdentity, False),
    "oidc": ("selvbetjening_oidc.plugin", IIdentity, False),
    "html_receipt": ("selvbetjening_html_receipt.plugin", IReceipt, False),
    "pdf_receipt": ("selvbetjening_pdf_receipt.plugin", IReceipt, False),
    "sftp": ("selvbetjening_sftp.plugin", IDelivery, False),
}
# What a plugin offers beside.
ALSO = {"mail": [IDigest]}


def registered(plugin):
    """What the plugin says of itself when the hook is called."""
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(importlib.import_module(PLUGINS[plugin][0]), plugin)
    manager.check_pending()
    context = SetContext("standard", "demo", plugin, "1.0")
    register = Register(context)
    manager.hook.selvbetjening_register(register=register, context=context)
    return register


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_offers_its_component_through_the_hook(plugin):
    module, contract, demo_only = PLUGINS[plugin]
    register = registered(plugin)
    offer = register.offers[0]
    assert [one.contract for one in register.offers[1:]] == ALSO.get(plugin, [])
    assert (offer.contract, offer.demo_only, offer.plugin) == (contract, demo_only, plugin)
    assert offer.place.file.name == f"{module.rpartition('.')[2]}.py"
    assert all(setting.help.endswith(".") for setting in offer.settings)
    assert contract.implementedBy(offer.factory)


READS = {
    "clamav": {"attachments"},
    "demo_addresses": set(),
    "demo_identity": {"cpr", "name"},
    "demo_payment": set(),
    "demo_register": {"cpr"},
    "folder": {"cpr", "name", "address", "answers", "documents", "attachments"},
    "host_identity": {"cpr", "name"},
    "mail": set(),
    "nemlogin": {"cpr", "name"},
    "oidc": {"cpr", "name"},
    "html_receipt": {"cpr", "name", "address", "answers"},
    "pdf_receipt": {"cpr", "name", "address", "answers"},
    "sftp": {"cpr", "name", "address", "answers", "documents", "attachments"},
}


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_it_reads_and_holds_is_declared(plugin):
    register = registered(plugin)
    assert register.offers[0].contract is PLUGINS[plugin][1]
    for offer in register.offers:
        assert offer.reads == READS[plugin]
        assert offer.holds.endswith(".")
        assert offer.built_for == CONTRACTS[offer.contract].version


def test_what_is_secret_is_declared_so():
    secrets = set()
    for plugin in PLUGINS:
        offers = registered(plugin).offers
        secrets |= {s.name for offer in offers for s in offer.settings if s.kind == "secret"}
    assert secrets == {
        *("key", "next_key", "passphrase", "password", "private_key", "secret", "seal_key"),
        "client_secret",
    }
