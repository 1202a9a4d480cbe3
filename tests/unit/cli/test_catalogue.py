"""``selvbetjening catalogue``: it tells what is installed, all of it, and no secret."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import html
import importlib
import inspect
import json
import os
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

import selvbetjening_demo
from selvbetjening_core import store
from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli import record_in_danish, record_markdown
from selvbetjening_core.cli.catalogue import catalogue
from selvbetjening_core.cli.catalogue_data import catalogue_as_data
from selvbetjening_core.cli.catalogue_markdown import as_markdown
from selvbetjening_core.cli.catalogue_page import CONTRACTS_IN_DANISH, DATA_IN_DANISH, as_page
from selvbetjening_core.composition.catalogue import CORE, make_catalogue
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.own_processing import (
    ABOUT_NOBODY,
    OWN_PROCESSING,
    Kept,
    Persons,
)
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.composition.processing import records_of
from selvbetjening_core.composition.roles import COMMON_ROLES, roles_of
from selvbetjening_core.composition.why import why
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.hooks import ENTRY_POINT_GROUP, Register, SetContext
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.journey.judging import LOGIN_LASTS
from selvbetjening_core.journey.session_limits import CITIZEN_LIMITS, STAFF_LIMITS, USUAL_LIMITS
from selvbetjening_core.store import tables
from selvbetjening_core.store.receivers import SqlReceivers
from selvbetjening_core.values import AssuranceLevel, Basis, Data

FORMATS = ("json", "markdown", "page")
TODAY = datetime.date(2026, 11, 2)


@pytest.fixture(scope="module")
def plan():
    file = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"
    return read_plan(file, register_core, TODAY)


@pytest.fixture(scope="module")
def data(plan):
    made = make_catalogue(plan, installed_plugins())
    return catalogue_as_data(made, records_of(plan, made, TODAY), TODAY)


# -- it equals what is installed ----------------------------------------------------


def differences(data, plan):
    """What the catalogue says otherwise than entry points, metadata, plugins and files."""
    return [
        *names_apart(data),
        *(one for plugin in data["plugins"] for one in distribution_apart(plugin)),
        *(one for plugin in data["plugins"] for one in offers_apart(plugin, plan)),
        *uses_apart(data, plan),
        *(one for record in data["records_of_processing"] for one in record_apart(record, plan)),
    ]


def points():
    return {point.name: point for point in metadata.entry_points(group=ENTRY_POINT_GROUP)}


def names_apart(data):
    told = [one["name"] for one in (*data["plugins"], *data["in_no_plugin_set"])]
    installed = [*points(), CORE]
    return sorted({*told} ^ {*installed}) + [name for name in told if told.count(name) > 1]


def distribution_apart(plugin):
    about = (
        metadata.metadata("selvbetjening")
        if plugin["name"] == CORE
        else points()[plugin["name"]].dist.metadata
    )
    stated = {
        "distribution": about["Name"],
        "distribution_version": about["Version"],
        "owner": about["Author"],
        # Which of the two there is depends on the setuptools that built it.
        "licence": about.get("License-Expression") or about.get("License"),
    }
    return [f"{plugin['name']}: {key}" for key, value in stated.items() if plugin[key] != value]


def offers_apart(plugin, plan):
    """Compared with what the plugin's hook says when it is asked anew."""
    if plugin["name"] == CORE:
        return []
    hook = importlib.import_module(points()[plugin["name"]].module).selvbetjening_register
    context = SetContext("standard", plan.installation.mode, plugin["name"], plugin["version"])
    register = Register(context)
    given = {"register": register, "context": context}
    hook(**{name: given[name] for name in inspect.signature(hook).parameters})
    said = [told_by(offer) for offer in register.offers]
    told = [
        (
            one["contract"],
            one["contract_version"],
            one["built_for"],
            one["function"],
            one["reads"],
            one["holds"],
            one["demo_only"],
            one["makes_faults"],
            [setting["name"] for setting in one["settings"]],
        )
        for one in plugin["items"]
        if one["kind"] == "component"
    ]
    claimed = [(claim.contract.__name__, claim.name) for claim in register.claims]
    shared = [
        (one["contract"], one["name"]) for one in plugin["items"] if one["kind"] != "component"
    ]
    return [plugin["name"]] if said != told or claimed != shared else []


def told_by(offer):
    return (
        offer.contract.__name__,
        CONTRACTS[offer.contract].version,
        offer.built_for,
        offer.help,
        sorted(offer.reads),
        offer.holds,
        offer.demo_only,
        offer.makes_faults,
        [setting.name for setting in offer.settings],
    )


def uses_apart(data, plan):
    """Compared with what ``why`` says of each role."""
    told = {
        (use["municipality"], solution, role, plugin["name"], use["component"])
        for plugin in data["plugins"]
        for item in plugin["items"]
        for use in item["used_by"]
        for solution, roles in use["roles"].items()
        for role in roles
    }
    recorded = {
        (record["municipality"], solution, role, one["plugin"], one["component"])
        for record in data["records_of_processing"]
        for one in record["components"]
        for solution, roles in one["roles"].items()
        for role in roles
    }
    answers = set()
    for code, file in plan.municipalities.items():
        for solution, offered in file.solutions.items():
            for role in roles_of(offered.solution):
                one = why(plan, role.name, code, solution).answers
                answers.add((code, solution, role.name, one.plugin, one.component))
    return sorted(told ^ answers) + sorted(recorded ^ answers)


def record_apart(record, plan):
    """Compared with the municipality's file and with the definitions."""
    file = plan.municipalities[record["municipality"]]
    contact = {name: getattr(file.contact, name) for name in ("phone", "email", "hours", "address")}
    said = {"code": file.code, "name": file.name, "privacy_url": file.privacy_url, **contact}
    apart = [] if record["controller"] == said else [f"{file.code}: controller"]
    if [one["name"] for one in record["solutions"]] != list(file.solutions):
        return [*apart, f"{file.code}: solutions"]
    for one in record["solutions"]:
        told = {key: one[key] for key in ASKED_OF_A_SOLUTION}
        if told != said_by(file.solutions[one["name"]].solution, file, one["name"]):
            apart.append(f"{file.code}: {one['name']}")
    return apart


ASKED_OF_A_SOLUTION = (
    "purpose",
    "laws",
    "may_act",
    "fields",
    "registers",
    "receivers",
    "draft_days",
    "delivered_days",
)


def reads_of(spec):
    return sorted({str(read) for offer in spec.offers for read in offer.reads})


def said_by(solution, file, name):
    return {
        "purpose": solution.texts["purpose"].by_language["da"],
        "laws": [
            {"title": law.title, "valid_from": str(law.valid_from), "url": law.url}
            for law in solution.laws
        ],
        "may_act": [str(one) for one in solution.may_act],
        "fields": [
            {
                "name": field.name,
                "label": field.label.by_language["da"],
                "kind": field.kind,
                "is_asked": field.kind not in ("fact", "message"),
                "concept": field.concept,
            }
            for step in solution.steps
            for field in step.fields
        ],
        "registers": [file.binding("register", name).component],
        "receivers": [
            {"role": role.name, "component": one.name, "reads": reads_of(one)}
            for role in roles_of(solution)
            for one in [file.components[file.binding(role.name, name).component]]
        ],
        "draft_days": solution.retention.draft_days,
        "delivered_days": solution.retention.delivered_days,
    }


def test_it_equals_what_is_installed(data, plan):
    assert differences(data, plan) == []


def component(data, plugin):
    found = next(one for one in data["plugins"] if one["name"] == plugin)
    return next(one for one in found["items"] if one["kind"] == "component")


def remove_a_plugin(data):
    del data["plugins"][0]


def invent_a_plugin(data):
    data["in_no_plugin_set"].append({"name": "acme"})


def change_the_version(data):
    data["plugins"][0]["distribution_version"] = "9"


def change_the_owner(data):
    data["plugins"][0]["owner"] = "somebody else"


def forget_the_licence(data):
    data["plugins"][-1]["licence"] = ""


def change_the_contract_version(data):
    component(data, "folder")["contract_version"] = "9.9"


def read_in_secret(data):
    component(data, "mail")["reads"].append("in secret")


def forget_a_setting(data):
    component(data, "folder")["settings"].pop()


def forget_that_it_pretends(data):
    component(data, "demo_payment")["demo_only"] = False


def forget_a_theme(data):
    plugin = next(one for one in data["plugins"] if one["name"] == "dkfds")
    plugin["items"].clear()


def forget_a_use(data):
    component(data, "folder")["used_by"].pop()


def forget_a_row_of_a_record(data):
    data["records_of_processing"][0]["components"].pop()


def record_of(data, code="0773"):
    return next(one for one in data["records_of_processing"] if one["municipality"] == code)


def change_the_controller(data):
    record_of(data)["controller"]["email"] = "somebody@else.example"


def forget_a_question(data):
    record_of(data)["solutions"][0]["fields"].pop()


def forget_a_receiver(data):
    record_of(data)["solutions"][0]["receivers"].pop()


def give_more_away(data):
    record_of(data)["solutions"][0]["receivers"][-1]["reads"].append("cpr")


def keep_it_longer(data):
    record_of(data)["solutions"][0]["delivered_days"] += 1


PLANTED = (
    remove_a_plugin,
    invent_a_plugin,
    change_the_version,
    change_the_owner,
    forget_the_licence,
    change_the_contract_version,
    read_in_secret,
    forget_a_setting,
    forget_that_it_pretends,
    forget_a_theme,
    forget_a_use,
    forget_a_row_of_a_record,
    change_the_controller,
    forget_a_question,
    forget_a_receiver,
    give_more_away,
    keep_it_longer,
)


@pytest.mark.parametrize("plant", PLANTED)
def test_a_planted_difference_is_found(data, plan, plant):
    changed = copy.deepcopy(data)
    plant(changed)
    assert differences(changed, plan) != []


def test_the_record_says_what_for_and_how_long(data):
    record = next(one for one in data["records_of_processing"] if one["municipality"] == "0773")
    (solution,) = record["solutions"]
    assert solution["title"] == "Bestil nyt sundhedskort"
    assert (solution["kle"], solution["draft_days"], solution["delivered_days"]) == ("29", 30, 90)
    assert any("Sundhedsloven" in law["title"] for law in solution["laws"])


def test_the_record_has_what_each_component_is_given(data, plan):
    for record in data["records_of_processing"]:
        file = plan.municipalities[record["municipality"]]
        assert [one["component"] for one in record["components"]] == list(file.components)
        for one in record["components"]:
            offers = file.components[one["component"]].offers
            assert one["reads"] == sorted({read for offer in offers for read in offer.reads})


# -- what the application itself keeps ----------------------------------------------


def tables_apart(own):
    """What the entries say otherwise than the tables and the store."""
    told = [table for one in own for table in one.tables]
    apart = sorted({*told, *ABOUT_NOBODY} ^ {*tables.metadata.tables})
    sealing = {
        name
        for name, table in tables.metadata.tables.items()
        if any(type(column.type) is tables.Sealed for column in table.columns)
    }
    for one in own:
        if one.is_sealed != bool(sealing & {*one.tables}):
            apart.append(f"{one.name}: sealed")
        if one.is_removed != bool(removed_by_the_store() & {*one.tables}):
            apart.append(f"{one.name}: removed")
    return apart + [table for table in told if told.count(table) > 1]


def removed_by_the_store():
    """The tables that something in the store removes rows from, or empties of names."""
    # Who paused a receiver is forgotten when it goes on: a change of its row.
    found = {"receiver"} if 'paused_by=""' in inspect.getsource(SqlReceivers.resume) else set()
    for file in Path(store.__file__).parent.glob("*.py"):
        for name in re.findall(r"_scope\.remove\(\s*(\w+)", file.read_text("utf-8")):
            module = importlib.import_module(f"{store.__name__}.{file.stem}")
            found.add(getattr(module, name).name)
    return found


def test_the_application_tells_of_every_table():
    assert tables_apart(OWN_PROCESSING) == []


@pytest.mark.parametrize(
    "changes", [{"tables": ()}, {"is_sealed": False}, {"is_removed": False}, {"tables": ("audit",)}]
)
def test_a_table_told_of_wrongly_is_found(changes):
    first, *others = OWN_PROCESSING
    assert tables_apart((dataclasses.replace(first, **changes), *others)) != []


def test_the_limits_of_a_login_are_the_real_ones():
    high = CITIZEN_LIMITS[AssuranceLevel.HIGH]
    for words in (record_markdown.KEPT[Kept.SESSION], record_in_danish.KEPT[Kept.SESSION]):
        limits = [int(one) for one in re.findall(r"\d+", words)]
        assert limits == [
            USUAL_LIMITS.idle_minutes,
            USUAL_LIMITS.longest.seconds // 3600,
            high.idle_minutes,
            high.longest.seconds // 3600,
            LOGIN_LASTS.seconds // 60,
        ]
    assert STAFF_LIMITS == CITIZEN_LIMITS[AssuranceLevel.LOW] == USUAL_LIMITS


def test_everything_in_a_record_has_danish_words():
    assert set(record_in_danish.OWN) == {one.name for one in OWN_PROCESSING}
    assert set(record_in_danish.KEPT) == set(record_markdown.KEPT) == set(Kept)
    assert set(record_in_danish.PERSONS) == set(record_markdown.PERSONS) == set(Persons)
    assert set(record_in_danish.BASES) == set(Basis)
    assert set(record_in_danish.ROLES) == set(COMMON_ROLES)
    assert set(record_in_danish.KINDS) == {kind.declaration.name for kind in BUILTIN_KINDS}


def test_page_and_markdown_tell_what_a_dpo_needs(data):
    page, markdown = html.unescape(as_page(data)), as_markdown(data)
    for text in (page, markdown):
        assert "borgerservice@mors.example" in text
        assert "https://mors.example/privatliv" in text
        assert "Du kan bestille" in text or "Her kan du bestille" in text
        assert "Lægens eller lægehusets navn" in text
    assert "aflevering (case_system)" in page
    for sentence in (*record_in_danish.SECURITY, *record_in_danish.TO_ADD):
        assert sentence in page
    for sentence in (*record_markdown.SECURITY, *record_markdown.TO_ADD):
        assert sentence in markdown


# -- no secret, no value of a setting -----------------------------------------------

OWN_WORDS = re.compile(r"^(folder|mail|standard|borger\.dk|municipality|dkfds|pretended-staff)$")


def values_of_settings(folder):
    """Everything that the demo's municipalities filled in for their components."""
    found = set()
    for file in sorted((folder / "municipalities").glob("*.toml")):
        read = tomllib.loads(file.read_text("utf-8"))
        for table in (*read["component"].values(), read["theme"]):
            found |= {str(value) for key, value in table.items() if key not in ("plugin", "name")}
    return {one for one in found if not OWN_WORDS.fullmatch(one)}


def leaks(text, folder):
    return sorted(one for one in values_of_settings(folder) if one in text)


@pytest.mark.parametrize("form", FORMATS)
def test_no_value_of_a_setting_is_in_it(run, demo, form):
    done = run("catalogue", "--format", form, "--config", str(demo))
    assert done.returncode == 0, done.stderr
    assert len(values_of_settings(demo)) >= 12
    assert leaks(done.stdout, demo) == []
    assert leaks(f"{done.stdout} env:SELVBETJENING_DEMO_SMTP", demo) != []


# -- the command --------------------------------------------------------------------


def test_it_is_written_to_a_file(run, demo, tmp_path):
    done = run("catalogue", "--format", "json", "--out", "c.json", "--config", str(demo))
    assert (done.returncode, done.stdout) == (0, "Written: c.json\n")
    kept = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert {one["name"] for one in kept["plugins"]} >= {"core", "folder", "mail"}


def test_a_file_that_cannot_be_written_is_told(demo, tmp_path):
    out = tmp_path / "nowhere" / "c.json"
    done = CliRunner().invoke(catalogue, ["--config", str(demo), "--out", str(out)])
    assert done.exit_code == 2
    assert "cannot be written: No such file or directory." in done.stderr


def test_a_file_without_a_name_is_told(demo):
    done = CliRunner().invoke(catalogue, ["--config", str(demo), "--out", ""])
    assert done.exit_code == 2
    assert "--out needs the name of a file" in done.stderr


def test_a_plugin_that_no_set_names_is_listed_and_never_imported(run, demo, tmp_path):
    site = tmp_path / "site"
    info = site / "acme_journal-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: acme-journal\nVersion: 1.2\n"
        "Author-email: Acme ApS <hej@acme.example>\n"
        "Classifier: License :: OSI Approved :: MIT License\n",
        "utf-8",
    )
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\nacme = acme\n", "utf-8")
    (site / "acme.py").write_text("raise SystemExit('imported')\n", "utf-8")
    done = run("catalogue", "--format", "json", "--config", str(demo), PYTHONPATH=path_with(site))
    assert done.returncode == 0, done.stderr
    (spare,) = (one for one in json.loads(done.stdout)["in_no_plugin_set"] if one["name"] == "acme")
    assert spare == {
        "name": "acme",
        "module": "acme",
        "distribution": "acme-journal",
        "distribution_version": "1.2",
        "owner": "Acme ApS",
        "licence": "MIT License",
    }


def path_with(site):
    return os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])


# -- the page -----------------------------------------------------------------------


def page_of(run, demo):
    return run("catalogue", "--format", "page", "--config", str(demo)).stdout


def test_the_page_needs_nothing_but_itself(run, demo):
    page = page_of(run, demo)
    assert page.startswith('<!doctype html>\n<html lang="da">')
    # A link to follow loads nothing.
    loaded = re.sub(r'<a href="(https?://[^"]+)">\1</a>', "", page)
    assert loaded != page
    assert not re.search(r"<(script|link|img|iframe)\b|url\(|@import|https?://", loaded)
    assert "\n\n\n" not in page


def test_what_vendors_write_cannot_become_markup(data):
    hostile = copy.deepcopy(data)
    hostile["plugins"][0]["owner"] = "<script>alert(1)</script> | `x`"
    component(hostile, "mail")["holds"] = "a | b <b>"
    assert "<script>alert" not in as_page(hostile)
    assert "&lt;script&gt;alert" in as_page(hostile)
    assert "\\<script>" in as_markdown(hostile)
    assert "a \\| b \\<b>" in as_markdown(hostile)


def test_every_contract_and_kind_of_data_has_a_danish_word():
    assert set(CONTRACTS_IN_DANISH) == {contract.__name__ for contract in CONTRACTS}
    assert set(DATA_IN_DANISH) == {str(one) for one in Data}


@pytest.mark.parametrize(
    ("form", "told"), [(as_markdown, ", `kort.levering`)"), (as_page, "<code>kort.levering</code>")]
)
def test_the_concept_of_a_field_is_told(data, form, told):
    assert told not in form(data)
    named = copy.deepcopy(data)
    named["records_of_processing"][0]["solutions"][0]["fields"][0]["concept"] = "kort.levering"
    assert told in form(named)
