"""A municipality's record of processing in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from selvbetjening_core.cli.markdown_words import NO_DATA, plain, role_words
from selvbetjening_core.composition.own_processing import Kept, Persons

PERSONS = {
    Persons.ACTOR: "the citizen who acts",
    Persons.PRINCIPAL: "the one who is acted for",
    Persons.HOUSEHOLD: "members of the household that the register tells of",
    Persons.STAFF: "the municipality's staff who look after deliveries",
}
"""Each category of persons."""

KEPT = {
    Kept.DRAFT: "the days that the solution gives a draft",
    Kept.DELIVERED: "the days that the solution gives what is delivered",
    Kept.SESSION: "a login for 30 minutes without use, at most 8 hours; on the highest level for"
    " 15 minutes, at most 1 hour; one that was begun for 15 minutes; removed at the next login"
    " after that",
    Kept.COMPONENT: "as the component decides",
    Kept.BOOKS: "as the installation says in [retention] payment_years: 5 whole years after the"
    " year of the payment, where it says nothing; one that is not settled, until it is",
    Kept.RECEIVER: "until the receiver is resumed",
    Kept.LOG: "as the installation says in [retention] audit_days: 1096 days, where it says"
    " nothing",
}
"""How long something is kept."""

SECURITY = (
    (
        "What is about people is encrypted field by field, answers of a draft step by step and"
        " files in pieces (AES-256-GCM) with a key of the"
        " municipality's own, unless it says otherwise above. The master key is in a file outside"
        " the database."
    ),
    "A CPR number is looked up by a keyed hash of the municipality's own.",
    "The municipality is part of the key of every row, and of every question to the database.",
    "A component is given what it declares that it reads, and nothing else.",
    (
        "The pages for staff show no personal data of citizens, and every action is logged with"
        " who did it. Who can use both the database and the key file can read"
        " everything; the commands of selvbetjening show no personal data."
    ),
)
"""What the application does, wherever it is installed."""

TO_ADD = (
    "The name and contact details of the data protection officer, and of any joint controller.",
    "Whether data are transferred to third countries, and on what basis.",
    "Which of the receivers and vendors are processors, and the agreements with them.",
    "What a component keeps outside the application, and how long; and who removes it there.",
    "How long backups are kept: what was erased is in them until they are destroyed.",
    "Who among the staff, and at the operator, can use the server, the database and the key file.",
)
"""What no file says, and article 30 asks for."""


def record_lines(record: Mapping[str, Any]) -> Iterator[str]:
    """The whole record of one municipality."""
    yield f"### {record['municipality']} {plain(record['name'])}"
    yield ""
    yield from _controller(record["controller"])
    yield from _section("What the application keeps")
    for own in record["own"]:
        yield _own(own)
    yield from _section("Security")
    yield from (f"- {one}" for one in SECURITY)
    for solution in record["solutions"]:
        yield from _solution(solution)
    yield from _section("Components")
    yield from _components(record)
    yield from _section("To be added by the municipality")
    yield from (f"- {one}" for one in TO_ADD)
    yield ""


def _section(title: str) -> Iterator[str]:
    yield from ("", f"#### {title}", "")


def _controller(controller: Mapping[str, str]) -> Iterator[str]:
    yield f"- Controller: {plain(controller['name'])}, kommunekode {controller['code']}"
    for name, key in (
        ("Phone", "phone"),
        ("E-mail", "email"),
        ("Open", "hours"),
        ("Address", "address"),
        ("Privacy", "privacy_url"),
    ):
        yield f"- {name}: {plain(controller[key])}"


def _own(own: Mapping[str, Any]) -> str:
    persons = ", ".join(PERSONS[Persons(one)] for one in own["persons"])
    sealed = (
        "Encrypted, but for numbers, states, basis and times"
        if own["is_sealed"]
        else "Not encrypted"
    )
    removed = "removed" if own["is_removed"] else "not removed"
    return (
        f"- **{own['name']}**: {own['purpose']} About {persons}: {own['data']}. Kept:"
        f" {KEPT[Kept(own['kept'])]}; {removed} by the application. {sealed}."
    )


def _solution(one: Mapping[str, Any]) -> Iterator[str]:
    yield from _section(f"{plain(one['title'])} (`{one['name']}` {one['version']})")
    yield f"- Purpose: {plain(one['purpose'])}"
    laws = "; ".join(f"{law['title']}, from {law['valid_from']}" for law in one["laws"])
    yield f"- Law: {plain(laws)}"
    yield f"- KLE: {plain(one['kle'])}"
    yield f"- Who may act: {', '.join(one['may_act'])}"
    yield f"- Asked: {_fields(one, is_asked=True)}"
    yield f"- Shown from what is known: {_fields(one, is_asked=False)}"
    yield f"- Registers: {plain(', '.join(one['registers']))}"
    yield f"- Receivers: {plain('; '.join(map(_receiver, one['receivers'])))}"
    yield (
        f"- To be kept: a draft for {one['draft_days']} days, a submission for"
        f" {one['delivered_days']} days after its delivery"
    )


def _receiver(one: Mapping[str, Any]) -> str:
    return f"{one['component']} as {one['role']}: {', '.join(one['reads']) or NO_DATA}"


def _fields(solution: Mapping[str, Any], *, is_asked: bool) -> str:
    fields = (one for one in solution["fields"] if one["is_asked"] is is_asked)
    return ", ".join(map(_field, fields)) or "nothing"


def _field(field: Mapping[str, Any]) -> str:
    concept = f", `{field['concept']}`" if field["concept"] else ""
    return f"{plain(field['label'])} ({field['kind']}{concept})"


def _components(record: Mapping[str, Any]) -> Iterator[str]:
    yield "| component | plugin | owner | reads | holds | for |"
    yield "|---|---|---|---|---|---|"
    for one in record["components"]:
        cells = (
            one["component"],
            f"{one['plugin']} {one['version']}",
            plain(one["owner"]),
            ", ".join(one["reads"]) or NO_DATA,
            plain(one["holds"]),
            role_words(one["roles"]) or "nothing",
        )
        yield f"| {' | '.join(cells)} |"
