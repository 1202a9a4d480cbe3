"""Each mistake in putting an installation together: its code, place, message and advice.

The sentences stand here in full, so that changing one is a decision. ``CODE`` of a
mistake in a plugin's own code is the line of this file, or of conftest, that offers it.
"""

from __future__ import annotations

import dataclasses
import datetime
import importlib.metadata
import re
import types

import pytest
from zope.interface import Interface, implementer

from selvbetjening_core import __version__
from selvbetjening_core.composition import plugins
from selvbetjening_core.composition.verify import fits
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import (
    IDelivery,
    IIdentity,
    IImporter,
    IPayment,
    ISecrets,
    ISolutions,
)
from selvbetjening_core.values import ResolvesUnknown, Setting, Task

STANDARD_SET = "plugin_sets/standard.toml"
MORS = "municipalities/0773.toml"
AARHUS = "municipalities/0751.toml"
CODE = ".py"


class IAcme(Interface):
    """A contract of a vendor's own making."""


@implementer(IDelivery)
class Sends:
    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context): ...
    def accepts(self, parcel): ...
    def send(self, parcel): ...


class Asks(Sends):
    resolves_unknown = ResolvesUnknown.QUERY


class Waits(Sends):
    resolves_unknown = ResolvesUnknown.INBOX


class Guesses(Sends):
    resolves_unknown = "guess"


@implementer(IDelivery)
class Silent:
    def __init__(self, context): ...
    def accepts(self, parcel): ...
    def send(self, parcel): ...


@implementer(IDelivery)
class NoSend:
    resolves_unknown = ResolvesUnknown.PERSON

    def __init__(self, context): ...
    def accepts(self, parcel): ...


@implementer(IIdentity)
class NoIssuer:
    algorithms = frozenset()

    def __init__(self, context): ...
    def begin(self, request): ...
    def complete(self, message): ...
    def end(self, request): ...


@implementer(ISecrets)
class Vault:
    def __init__(self, scheme="vault"):
        self.scheme = scheme

    def read(self, name): ...


@implementer(IImporter)
class Reads:
    def __init__(self, format_="orbeon"):
        self.format = format_

    def recognises(self, source): ...
    def convert(self, source): ...


@implementer(ISolutions)
class Brings:
    def __init__(self, *folders):
        self._folders = folders

    def folders(self):
        return {folder.name: folder for folder in self._folders}


@implementer(IPayment)
class Pays:
    def __init__(self, context): ...
    def begin(self, order): ...
    def capture(self, change): ...
    def cancel(self, change): ...
    def refund(self, change): ...
    def query(self, payment): ...
    def settlements(self, day): ...
    def notice(self, message): ...


SERVER = Setting("server", "url", "Where it is.")
TOKEN = Setting("token", "secret", "The key to it.")


def offer(contract, factory, **options):
    def register(register, context):  # noqa: ARG001 - as the hook wants it
        register.component(contract, factory, help="Does it.", **options)

    return register


def share(contract, component):
    def register(register, context):  # noqa: ARG001 - as the hook wants it
        register.shared(contract, component)

    return register


def module_with(**hooks):
    made = types.ModuleType("made_up_acme")
    for name, function in hooks.items():
        function.__module__ = made.__name__
        setattr(made, name, function)
    return made


def acme(site, register=None, module=None):
    """The plugin ``acme`` in the standard plugin set."""
    site.plugin("acme", register, module=module)
    site.plugin_set()


def acme_needing(site, requirement):
    """The plugin ``acme``, whose distribution says what it requires."""
    acme(site, lambda register: None)  # noqa: ARG005 - as the hook wants it
    point = site.installed[-1].entry_point._for(FakeDistribution(requirement))
    site.installed[-1] = dataclasses.replace(site.installed[-1], entry_point=point)


class FakeDistribution:
    name = "acme"

    def __init__(self, *requires):
        self.requires = requires


TABLE = []


def mistake(code, file, path, message, advice):
    """A mistake: the function makes it, the rest is what is told of it."""

    def add(make):
        TABLE.append(pytest.param(make, code, file, path, message, advice, id=make.__name__))
        return make

    return add


MEND = "mend the plugin, or take it out of the plugin set"


@mistake(
    "plugin-not-installed",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'no installed plugin is called "crad"; did you mean "card"?',
    "install it, or name one of: card, journal, login, mobile, people, receipt",
)
def plugin_that_is_not_installed(site):
    site.plugin_set(names=[*site.names, "crad"])


@mistake(
    "plugin-broken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" (made_up_acme of made-up 1.0) cannot be imported: '
    "ModuleNotFoundError: No module named 'acme_not_there'",
    "install what it lacks, or take it out of the plugin set",
)
def plugin_that_cannot_be_imported(site):
    site.plugin("acme", lambda register: None)  # noqa: ARG005
    site.plugin_set()
    point = importlib.metadata.EntryPoint("acme", "acme_not_there", "selvbetjening.plugins")
    site.installed[-1] = dataclasses.replace(site.installed[-1], entry_point=point)


@mistake(
    "plugin-broken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the entry point of "acme" (made-up 1.0) names no module: "acme journal"',
    "mend it where the plugin is packaged: name = package.module",
)
def entry_point_that_names_no_module(site):
    site.plugin("acme", lambda register: None)  # noqa: ARG005
    site.plugin_set()
    point = importlib.metadata.EntryPoint("acme", "acme journal", "selvbetjening.plugins")
    site.installed[-1] = dataclasses.replace(site.installed[-1], entry_point=point)


@mistake(
    "plugin-name-taken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'several distributions have a plugin called "acme": made-up (made_up_acme), other '
    "(made_up_acme)",
    "uninstall one of them, or ask its vendor for another name",
)
def two_distributions_with_one_plugin_name(site):
    acme(site, lambda register: None)  # noqa: ARG005
    site.installed.append(dataclasses.replace(site.installed[-1], distribution="other"))


@mistake(
    "plugin-module-taken",
    "plugin_sets/standard.toml",
    "plugins[8]",
    'the plugins "one" and "two" are the same module, made_up_acme',
    "take one of them out; a vendor gives each plugin a module of its own",
)
def two_plugins_in_one_module(site):
    module = module_with(selvbetjening_register=hookimpl(lambda register: None))  # noqa: ARG005
    site.plugin("one", None, module=module)
    site.plugin("two", None, module=module)
    site.plugin_set()


@mistake(
    "plugin-needs-other-version",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" (made-up 1.0) needs selvbetjening >=99, and this is VERSION',
    "install a version of made-up that is made for VERSION, or take the plugin out of the"
    " plugin set",
)
def plugin_for_another_selvbetjening(site):
    acme_needing(site, "selvbetjening>=99")


@mistake(
    "unknown-hook",
    "plugin_sets/standard.toml",
    "made_up_acme.selvbetjening_regsiter",
    'the plugin "acme" implements a hook "selvbetjening_regsiter", which does not '
    'exist; did you mean "selvbetjening_register"?',
    "the hooks are: selvbetjening_register, selvbetjening_settings, selvbetjening_web, "
    "selvbetjening_commands, selvbetjening_ready, selvbetjening_health, "
    "selvbetjening_case_event, selvbetjening_teardown",
)
def misspelt_hook(site):
    acme(site, module=module_with(selvbetjening_regsiter=hookimpl(lambda register: None)))  # noqa: ARG005


@mistake(
    "hook-not-marked",
    "plugin_sets/standard.toml",
    "made_up_acme.selvbetjening_register",
    'the function "selvbetjening_register" of the plugin "acme" looks like a hook and '
    "is not marked as one",
    "put @hookimpl on it, or give it a name that does not begin like a hook's",
)
def hook_without_its_mark(site):
    def selvbetjening_register(register): ...

    acme(site, module=module_with(selvbetjening_register=selvbetjening_register))


@mistake(
    "unknown-hook-argument",
    "plugin_sets/standard.toml",
    "made_up_acme.selvbetjening_register",
    'the hook "selvbetjening_register" of "acme" asks for "request", which it is never given',
    "its arguments are: register, context",
)
def hook_with_an_argument_that_is_never_given(site):
    acme(site, lambda register, request: None)  # noqa: ARG005


@mistake(
    "hook-argument-default",
    "plugin_sets/standard.toml",
    "made_up_acme.selvbetjening_register",
    'the argument "context" of "selvbetjening_register" in "acme" has a default',
    "take the default away: an argument with one is silently never passed",
)
def hook_argument_with_a_default(site):
    acme(site, lambda register, context=None: None)  # noqa: ARG005


@mistake(
    "plugin-without-hooks",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" (made_up_acme) implements no hook',
    "implement one of: selvbetjening_register, selvbetjening_settings, "
    "selvbetjening_web, selvbetjening_commands, selvbetjening_ready, "
    "selvbetjening_health, selvbetjening_case_event, selvbetjening_teardown, marked "
    "with @hookimpl",
)
def plugin_without_hooks(site):
    acme(site)


@mistake(
    "plugin-broken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" fails to register: RuntimeError: a fault of the vendor\'s',
    "update it, or take it out of the plugin set",
)
def plugin_that_fails_to_register(site):
    def fails(register):  # noqa: ARG001 - as the hook wants it
        raise RuntimeError("a fault of the vendor's")

    acme(site, fails)


@mistake(
    "plugin-broken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" fails to register: TypeError: selvbetjening_settings must '
    "return Setting, not 'server'",
    "update it, or take it out of the plugin set",
)
def settings_hook_that_returns_words(site):
    module = module_with(selvbetjening_settings=hookimpl(lambda: ["server"]))
    acme(site, module=module)


@mistake(
    "unknown-contract",
    "test_mistakes.py",
    "",
    'the plugin "acme" offers IAcme (this.module), which is no contract of selvbetjening',
    "offer one of: IDelivery, IDeliveryQuery, IDigest, IFieldKind, IForm, IIdentity, IImporter, "
    "ILookup, IMeasure, IMessages, IPaperForm, IPayment, IPrefill, IReceipt, IScanner, "
    "IScheduled, ISecrets, ISingleLogout, ISolutions, IStatus, ITheme",
)
def contract_of_ones_own(site):
    acme(site, offer(IAcme, Sends))


@mistake(
    "contract-version",
    "test_mistakes.py",
    "",
    'the plugin "acme" 1.0 was written for IDelivery 0.9, and this is 0.1',
    "install a version of the plugin that was written for this one; its vendor changes "
    "what is different and says so with built_for",
)
def contract_of_another_version(site):
    acme(site, offer(IDelivery, Sends, built_for="0.9"))


@mistake(
    "contract-not-fulfilled",
    "test_mistakes.py",
    "",
    'the plugin "acme" does not fulfil IDelivery: send(parcel) is missing',
    "mend the plugin, or take it out of the plugin set",
)
def method_that_is_missing(site):
    acme(site, offer(IDelivery, NoSend))


@mistake(
    "contract-not-fulfilled",
    "test_mistakes.py",
    "",
    'the plugin "acme" does not fulfil IIdentity: issuer is missing',
    "mend the plugin, or take it out of the plugin set",
)
def attribute_that_is_missing(site):
    acme(site, offer(IIdentity, NoIssuer))


@mistake(
    "contract-not-fulfilled",
    "test_mistakes.py",
    "",
    'the plugin "acme" does not fulfil IDelivery: resolves_unknown is missing',
    "mend the plugin, or take it out of the plugin set",
)
def unknown_that_is_not_declared(site):
    acme(site, offer(IDelivery, Silent))


@mistake(
    "resolves-unknown",
    "test_mistakes.py",
    "",
    'the plugin "acme" does not say how it finds out what became of a delivery: '
    "resolves_unknown is 'guess'",
    "write one of: ResolvesUnknown.QUERY, ResolvesUnknown.INBOX, "
    "ResolvesUnknown.SAFE_REPEAT, ResolvesUnknown.PERSON",
)
def unknown_that_is_no_way(site):
    acme(site, offer(IDelivery, Guesses))


@mistake(
    "resolves-unknown",
    "test_mistakes.py",
    "",
    'the plugin "acme" declares resolves_unknown = "query", and Asks does not fulfil '
    "IDeliveryQuery: it does not say @implementer(IDeliveryQuery); query(delivery) is "
    "missing",
    "let the class implement IDeliveryQuery, or declare another way",
)
def query_that_cannot_be_asked(site):
    acme(site, offer(IDelivery, Asks))


@mistake(
    "resolves-unknown",
    "test_mistakes.py",
    "",
    'the plugin "acme" declares resolves_unknown = "inbox", and Waits does not fulfil '
    "IMessages: it does not say @implementer(IMessages); notice(message) is missing",
    "let the class implement IMessages, or declare another way",
)
def inbox_that_reads_no_message(site):
    acme(site, offer(IDelivery, Waits))


@mistake(
    "tasks-not-carried-out",
    "test_mistakes.py",
    "",
    'the plugin "acme" declares tasks (renew), and Sends does not fulfil IScheduled: '
    "it does not say @implementer(IScheduled); run(task) is missing",
    "let the class implement IScheduled, or declare no tasks",
)
def tasks_that_nobody_carries_out(site):
    task = Task("renew", datetime.timedelta(hours=1), "Renews the key.")
    acme(site, offer(IDelivery, Sends, tasks=[task]))


@mistake(
    "bad-setting-kind",
    "test_mistakes.py",
    "",
    'the plugin "acme" declares the setting "colour" of the unknown kind "colour"',
    "the kinds are: text, number, yes_no, path, url, email, secret",
)
def setting_of_an_unknown_kind(site):
    acme(site, offer(IDelivery, Sends, settings=[Setting("colour", "colour", "?")]))


@mistake(
    "conflict",
    "plugin_sets/standard.toml",
    "plugins",
    'several plugins claim secrets:vault: "one" (test_mistakes.py:LINE), "two" '
    "(test_mistakes.py:LINE)",
    'choose one: [choose] "secrets:vault" = "one"',
)
def two_keepers_of_one_scheme(site):
    site.plugin("one", share(ISecrets, Vault()))
    site.plugin("two", share(ISecrets, Vault()))
    site.plugin_set()


@mistake(
    "plugin-broken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" fails to register: TypeError: scheme must be a word in lower '
    "case, other than env and file, not 'env'",
    "update it, or take it out of the plugin set",
)
def keeper_that_takes_the_cores_scheme(site):
    acme(site, share(ISecrets, Vault("env")))


@mistake(
    "conflict",
    "plugin_sets/standard.toml",
    "plugins",
    'several plugins claim importer:orbeon: "one" (test_mistakes.py:LINE), "two" '
    "(test_mistakes.py:LINE)",
    'choose one: [choose] "importer:orbeon" = "one"',
)
def two_importers_of_one_format(site):
    site.plugin("one", share(IImporter, Reads()))
    site.plugin("two", share(IImporter, Reads()))
    site.plugin("three", share(IImporter, Reads("xforms")))
    site.plugin_set()


@mistake(
    "plugin-broken",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" fails to register: TypeError: format must be a word in lower '
    "case, not 'Orbeon XML'",
    "update it, or take it out of the plugin set",
)
def importer_of_a_format_that_is_no_word(site):
    acme(site, share(IImporter, Reads("Orbeon XML")))


@mistake(
    "choose-unknown",
    "plugin_sets/standard.toml",
    "choose.secrets:vault",
    '"card" is not among those that claim secrets:vault: "one" '
    '(test_mistakes.py:LINE), "two" (test_mistakes.py:LINE)',
    "write one of: one, two",
)
def choice_of_one_that_does_not_claim(site):
    site.plugin("one", share(ISecrets, Vault()))
    site.plugin("two", share(ISecrets, Vault()))
    site.plugin_set('[choose]\n"secrets:vault" = "card"\n')


@mistake(
    "choose-nothing",
    "plugin_sets/standard.toml",
    "choose.secrets:vault",
    'there is nothing to choose for "secrets:vault"',
    "take the line out; [choose] settles what two plugins claim",
)
def choice_where_there_is_none(site):
    site.plugin_set('[choose]\n"secrets:vault" = "card"\n')


@mistake(
    "unknown-plugin",
    "plugin_sets/standard.toml",
    "plugin.crad",
    'these are settings of "crad", which is not among the plugins of this set; did you '
    'mean "card"?',
    "the plugins here are: login, people, receipt, card, mobile, journal",
)
def settings_of_a_plugin_that_is_not_here(site):
    site.plugin_set('[plugin.crad]\nserver = "x"\n')


@mistake(
    "unknown-key",
    "plugin_sets/standard.toml",
    "plugin.card.server",
    'unknown key "server"',
    'take the table out: "card" as a whole has no settings, its components may',
)
def settings_of_a_plugin_that_has_none(site):
    site.plugin_set('[plugin.card]\nserver = "x"\n')


@mistake(
    "missing-key",
    "plugin_sets/standard.toml",
    "plugins[7]",
    'the plugin "acme" has to be told: server',
    "add the table [plugin.acme] at the end of the file, with server = …",
)
def settings_of_a_plugin_that_are_missing(site):
    acme(site, module=module_with(selvbetjening_settings=hookimpl(lambda: [SERVER])))


@mistake(
    "plain-secret",
    "plugin_sets/standard.toml",
    "plugin.acme.token",
    '"token" is a secret, written plainly',
    'write where it is kept: token = "env:NAME" or "file:PATH"; and change the secret, '
    "since it has been seen",
)
def secret_of_a_plugin_written_plainly(site):
    site.plugin("acme", None, module=module_with(selvbetjening_settings=hookimpl(lambda: [TOKEN])))
    site.plugin_set('[plugin.acme]\ntoken = "hunter2"\n')


@mistake(
    "solution-twice",
    "test_mistakes.py",
    "",
    'the plugin "one" brings the solution "permit" (solutions/permit), and the '
    "installation has one of that name (solutions/permit)",
    "take one of the plugins out of the plugin set, or the folder out of the installation",
)
def solution_that_two_bring(site):
    site.plugin("one", share(ISolutions, Brings(site.folder / "solutions" / "permit")))
    site.plugin_set()


@mistake(
    "solution-twice",
    "test_mistakes.py",
    "",
    'the plugin "two" brings the solution "parking" (brought/parking), and so does '
    '"one" (test_mistakes.py:LINE)',
    "take one of the plugins out of the plugin set, or the folder out of the installation",
)
def solution_that_two_plugins_bring(site):
    text = (site.folder / "solutions/permit/solution.toml").read_text()
    folder = site.write("brought/parking/solution.toml", text).parent
    site.plugin("one", share(ISolutions, Brings(folder)))
    site.plugin("two", share(ISolutions, Brings(folder)))
    site.plugin_set()


@mistake(
    "solutions-not-offered",
    "test_mistakes.py",
    "",
    'the plugin "acme" cannot say which solutions it brings: LookupError: there is no '
    'folder of the solution "nowhere"',
    "mend the plugin, or take it out of the plugin set",
)
def solutions_that_cannot_be_told(site):
    acme(site, share(ISolutions, Brings(site.folder / "nowhere")))


@mistake(
    "plugin-not-in-set",
    "municipalities/0773.toml",
    "component.card.plugin",
    'the plugin "acme" is installed, but is not in the plugin set "standard"',
    'add "acme" to plugins in plugin_sets/standard.toml:1, or name another',
)
def plugin_that_is_installed_but_not_in_the_set(site):
    site.plugin("acme", offer(IDelivery, Sends), named=False)
    site.change(MORS, 'plugin = "card"', 'plugin = "acme"')


@mistake(
    "plugin-not-in-set",
    "municipalities/0773.toml",
    "theme.name",
    'the plugin "blue" is installed, but is not in the plugin set "standard"',
    'add "blue" to plugins in plugin_sets/standard.toml:1, or name another',
)
def theme_that_is_installed_but_not_in_the_set(site):
    site.plugin("blue", None, named=False)
    site.municipality("0773", more='[theme]\nname = "blue"\n')


@mistake(
    "unknown-plugin",
    "municipalities/0773.toml",
    "component.card.plugin",
    'plugin = "crad" is not known here; did you mean "card"?',
    "write one of: login, people, receipt, card, mobile, journal; or install it, and add it to"
    " plugins in plugin_sets/standard.toml:1",
)
def component_of_no_plugin(site):
    site.change(MORS, 'plugin = "card"', 'plugin = "crad"')


@mistake(
    "unknown-key",
    "municipalities/0773.toml",
    "component.archive.colour",
    'unknown key "colour"',
    'the settings of "journal" are: path',
)
def setting_nobody_declared(site):
    site.change(MORS, 'path   = "var/archive"', 'path = "var/archive"\ncolour = "red"')


@mistake(
    "unknown-scheme",
    "municipalities/0773.toml",
    "component.acme.token",
    '"token" begins with a scheme that nothing here reads; did you mean "vault"?',
    "write where it is kept, with one of: env:, file:, vault:; a plugin that reads "
    "another has to be in the plugin set. If it is the secret itself, change the "
    "secret, since it has been seen",
)
def reference_of_an_unknown_scheme(site):
    site.plugin("vault", share(ISecrets, Vault()))
    site.plugin("acme", offer(IDelivery, Sends, settings=[TOKEN]))
    site.plugin_set()
    site.municipality("0773", more='[component.acme]\nplugin = "acme"\ntoken = "vualt:acme"\n')


@mistake(
    "demo-only",
    "municipalities/0773.toml",
    "component.card.plugin",
    'the plugin "acme" makes faults, and this is not a demo',
    'use a real plugin; a demo says so in its installation file: mode = "demo"',
)
def fault_maker_in_production(site):
    acme(site, offer(IPayment, Pays, makes_faults=True))
    site.change(MORS, 'plugin = "card"', 'plugin = "acme"')


@mistake(
    "demo-only",
    "municipalities/0773.toml",
    "component.card.plugin",
    'the plugin "acme" only pretends, and this is not a demo',
    'use a real plugin; a demo says so in its installation file: mode = "demo"',
)
def pretender_in_production(site):
    acme(site, offer(IPayment, Pays, demo_only=True))
    site.change(MORS, 'plugin = "card"', 'plugin = "acme"')


@mistake(
    "role-without-component",
    "municipalities/0773.toml",
    "roles.payment",
    'the role "payment", which "permit" needs, has no component',
    'add payment = "…" to [roles]; write one of: card, mobile',
)
def role_without_a_component(site):
    site.change(MORS, 'payment     = "card"', "")


@mistake(
    "role-without-component",
    "municipalities/0773.toml",
    "roles.payment",
    'the role "payment", which "permit" needs, has no component',
    'add payment = "…" to [roles]; first add [component.NAME] with a plugin that can '
    "do it: card, mobile",
)
def role_without_a_component_that_could(site):
    for line in ('[component.card]\nplugin = "card"\n', '[component.mobile]\nplugin = "mobile"\n'):
        site.change(MORS, line, "")
    site.change(MORS, 'payment     = "card"', "")


@mistake(
    "role-without-component",
    "municipalities/0773.toml",
    "roles.payment",
    'the role "payment", which "permit" needs, has no component',
    'add payment = "…" to [roles]; no plugin of this set can do it: one that offers '
    "IPayment has to be installed and added to plugins in plugin_sets/standard.toml:1",
)
def role_that_no_plugin_can_fill(site):
    for line in ('[component.card]\nplugin = "card"\n', '[component.mobile]\nplugin = "mobile"\n'):
        site.change(MORS, line, "")
    site.change(MORS, 'payment     = "card"', "")
    (site.folder / AARHUS).unlink()
    site.plugin_set(names=[name for name in site.names if name not in ("card", "mobile")])


@mistake(
    "wrong-contract",
    "municipalities/0773.toml",
    "roles.payment",
    'the role "payment" wants a component for payment, but "journal" (plugin '
    '"journal") is one for delivery',
    "write one of: card, mobile",
)
def role_with_a_component_of_another_contract(site):
    site.change(MORS, 'payment     = "card"', 'payment = "journal"')


@mistake(
    "unknown-role",
    "municipalities/0773.toml",
    "roles.payments",
    'no solution here has a role "payments"; did you mean "payment"?',
    "the roles are: addresses, case_system, digest, identity, payment, receipt, register, scanner, "
    "staff_login",
)
def role_that_no_solution_has(site):
    site.change(MORS, 'payment     = "card"', 'payment = "card"\npayments = "card"')


@mistake(
    "unknown-component",
    "municipalities/0773.toml",
    "roles.payment",
    'payment = "crad" is not known here; did you mean "card"?',
    "write one of: login, people, receipt, card, mobile, journal, archive",
)
def component_that_is_not_here(site):
    site.change(MORS, 'payment     = "card"', 'payment = "crad"')


@mistake(
    "address-taken",
    "municipalities/0773.toml",
    "hosts[1]",
    '"0773.example" already belongs to 0751 Kommune (municipalities/0751.toml:4)',
    "give one of them another address",
)
def address_of_two(site):
    site.change(AARHUS, 'hosts      = ["0751.example"]', 'hosts = ["0773.example"]')


@mistake(
    "wrong-type",
    "municipalities/0773.toml",
    "prefixes",
    '"prefixes" is a text, which it cannot be',
    'write a list, in brackets even if there is one: prefixes = ["…"]',
)
def prefix_without_brackets(site):
    site.change(MORS, 'prefixes   = ["/0773"]', 'prefixes = "/mors"')


@mistake(
    "unknown-plugin-set",
    "municipalities/0773.toml",
    "plugin_set",
    'plugin_set = "standart" is not known here; did you mean "standard"?',
    "write one of: standard",
)
def municipality_in_no_plugin_set(site):
    site.change(MORS, 'plugin_set = "standard"', 'plugin_set = "standart"')


@mistake(
    "toml-syntax",
    "municipalities/0773.toml",
    "",
    "what stands after the = is no text in quotes, number, date, list, true or false",
    'put a text in quotes: name = "Mors" (in this line, or the one above it)',
)
def text_without_quotes(site):
    site.change(MORS, 'plugin = "card"', "plugin = card")


@pytest.mark.parametrize(("make", "code", "file", "path", "message", "advice"), TABLE)
def test_each_mistake_is_told_in_full(installation, make, code, file, path, message, advice):
    make(installation)
    assert installation.errors() == [code]
    (problem,) = (one for one in installation.problems if one.severity == "error")
    assert problem.place.file.as_posix().endswith(file)
    assert problem.place.path == path
    assert problem.place.line or file == MORS
    assert plain(problem.message, installation) == message
    assert plain(problem.advice, installation) == advice


def plain(text, installation):
    """Without what differs from machine to machine: folders, and the lines of code."""
    text = text.replace(f"{installation.folder}/", "").replace(__version__, "VERSION")
    text = text.replace(__name__, "this.module")
    return re.sub(r"[\w./-]*/(\w+\.py):\d+", r"\1:LINE", text)


def test_there_are_at_least_thirty_and_each_code_is_one_of_ours():
    assert len(TABLE) >= 30
    assert len({one.values[1] for one in TABLE}) >= 20


def test_all_are_told_together(installation):
    """Several at once: each is told, and none hides another."""
    installation.plugin("one", offer(IAcme, Sends))
    installation.plugin("two", offer(IDelivery, Asks))
    installation.plugin_set('[plugin.three]\nserver = "x"\n')
    installation.change(MORS, 'payment     = "card"', 'payment = "crad"')
    assert sorted(installation.errors()) == [
        "resolves-unknown",
        "unknown-component",
        "unknown-contract",
        "unknown-plugin",
    ]


def test_what_is_right_is_told_nothing_of(installation):
    """The negative control of the table: the same shapes without the mistake."""
    installation.plugin("sends", offer(IDelivery, Sends, built_for="0.1"))
    installation.plugin("vault", share(ISecrets, Vault()))
    installation.plugin_set()
    assert installation.errors() == []


@pytest.mark.parametrize(
    ("built_for", "version", "does"),
    [
        ("0.1", "0.1", True),
        ("0.1", "0.2", False),
        ("0.2", "0.1", False),
        ("1.0", "1.0", True),
        ("1.0", "1.2", True),
        ("1.2", "1.0", False),
        ("1.0", "2.0", False),
        ("one", "1.0", False),
    ],
)
def test_which_versions_fit(built_for, version, does):
    assert fits(built_for, version) is does


def test_an_attribute_may_be_set_when_the_object_is_made(installation):
    @implementer(IDelivery)
    class SetsIt(Silent):
        def __init__(self, context):
            super().__init__(context)
            self.resolves_unknown = ResolvesUnknown.PERSON

    acme(installation, offer(IDelivery, SetsIt))
    assert installation.errors() == []


@pytest.mark.parametrize(
    ("requires", "wanted"),
    [
        (("selvbetjening>=99",), ">=99"),
        (("Selvbetjening <0.0.1",), "<0.0.1"),
        ((f"selvbetjening=={__version__}", "requests"), ""),
        (("selvbetjening-of-others>=99", "selvbetjening"), ""),
        (('selvbetjening>=99; extra == "test"',), ""),
        (('selvbetjening>=99; python_version < "3"',), ""),
        ((">=nonsense",), ""),
        ((), ""),
    ],
)
def test_what_a_distribution_requires(requires, wanted):
    assert plugins._wanted_version(FakeDistribution(*requires)) == wanted
    assert plugins._wanted_version(None) == ""


def test_a_requirement_is_read_from_a_real_distribution(tmp_path, monkeypatch, installation):
    info = tmp_path / "site" / "acme-2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: acme\nVersion: 2\nRequires-Dist: selvbetjening (>=99)\n"
    )
    (info / "entry_points.txt").write_text("[selvbetjening.plugins]\nacme = never_imported\n")
    monkeypatch.syspath_prepend(str(info.parent))
    found = next(one for one in plugins.installed_plugins() if one.name == "acme")
    installation.installed.append(found)
    installation.names.append("acme")
    installation.plugin_set()
    assert installation.errors() == ["plugin-needs-other-version"]
