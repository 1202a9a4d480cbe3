"""All tables. The municipality is the first column of every key.

Columns whose type is :data:`Sealed` hold tokens made by
:mod:`selvbetjening_core.store.crypto`; ``…_index`` columns hold its keyed
index. No other column holds anything about a person.

An index that is partial (``sqlite_where``) is so in PostgreSQL, too, which its dialect
sees to: :mod:`selvbetjening_core.store.postgresql_dialect`.
"""

from __future__ import annotations

import sqlalchemy as sa

from selvbetjening_core.store.columns import Sealed, SealedMap, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def _added(name: str) -> sa.Column[str]:
    """A text that came later: what was there already has an empty one."""
    return sa.Column(name, sa.String, nullable=False, server_default="")


def _any_of(column: sa.Column[str], *words: str) -> sa.ColumnElement[bool]:
    """Is it one of ``words``? With the words in the statement itself.

    A database uses a partial index only where it can see that the condition is
    the index's own; it cannot see into parameters.
    """
    return column.in_([sa.literal_column(f"'{word}'") for word in words])


def _of_provider() -> tuple[sa.Column[str] | sa.Index, ...]:
    """What a log-out needs: keyed hashes of the provider's names, and what it asked for."""
    names = ("login_name", "person_name")
    return (
        *(_added(name) for name in names),
        sa.Column("farewell", Sealed),
        *(sa.Index(None, "municipality", name) for name in names),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


draft = sa.Table(
    "draft",
    metadata,
    _key("municipality"),
    _key("id"),
    _text("solution"),
    _text("definition_version"),
    _text("definition_sha256"),
    _text("locale"),
    _text("owner_index"),
    sa.Column("identity", Sealed, nullable=False),
    sa.Column("household", Sealed),
    sa.Column("answers", SealedMap, nullable=False),
    sa.Column("steps", SealedMap, nullable=False, server_default="{}"),
    sa.Column("frozen", Sealed),
    _text("state"),
    _text("payment_id"),
    _text("submission_id"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    # What the resume code of a guest is looked up by; empty: there is none.
    _added("resume_index"),
)
unfinished = _any_of(draft.c.state, "open", "paying")
sa.Index(
    "uq_draft_unfinished",
    draft.c.municipality,
    draft.c.owner_index,
    draft.c.solution,
    unique=True,
    sqlite_where=unfinished,
)
sa.Index(None, draft.c.municipality, draft.c.solution, draft.c.updated_at)
has_code = draft.c.resume_index != sa.literal_column("''")
sa.Index(
    "ix_draft_resume",
    draft.c.municipality,
    draft.c.resume_index,
    sqlite_where=has_code,
)

# A payment is kept for the books after its draft is gone: no foreign key.
payment = sa.Table(
    "payment",
    metadata,
    _key("municipality"),
    _key("id"),
    _text("draft_id"),
    _text("component"),
    _text("key"),
    _text("reference"),
    _number("ore"),
    _text("currency"),
    _text("status"),
    _text("outcome"),
    _text("return_url"),
    _text("message_url"),
    _text("provider_reference"),
    _text("method"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("paid_at", UtcDateTime),
    sa.UniqueConstraint("municipality", "component", "key"),
    sa.Index(None, "municipality", "status", "created_at"),
    sa.Index(None, "municipality", "draft_id"),
)

# One submission for each draft, whatever goes wrong elsewhere.
submission = sa.Table(
    "submission",
    metadata,
    _key("municipality"),
    _key("id"),
    _text("receipt_number"),
    _text("draft_id"),
    # What a citizen is given to ask with, where nobody could say whether it arrived.
    _added("enquiry_code"),
    _text("solution"),
    _text("definition_version"),
    _text("definition_sha256"),
    sa.Column("plugin_versions", sa.JSON, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    _text("channel"),
    _text("basis"),
    _text("level"),
    _text("actor_index"),
    _text("principal_index"),
    sa.Column("actor", Sealed, nullable=False),
    sa.Column("principal", Sealed, nullable=False),
    sa.Column("answers", SealedMap, nullable=False),
    sa.Column("rest", Sealed, nullable=False),
    sa.UniqueConstraint("municipality", "receipt_number"),
    sa.UniqueConstraint("municipality", "draft_id"),
    sa.Index(None, "municipality", "enquiry_code"),
    sa.Index(None, "municipality", "solution", "received_at"),
)

# A file that was sent along: of a draft, and once that is submitted of the submission.
# Its bytes are in a folder, under its id; described: its name, and the key of the bytes.
upload = sa.Table(
    "upload",
    metadata,
    _key("municipality"),
    _key("id"),
    _text("draft_id"),
    _text("submission_id"),
    sa.Column("described", Sealed, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "municipality", "draft_id"),
    sa.Index(None, "municipality", "submission_id"),
)

# due_at: when the row has to be looked at (again). While a worker holds a row
# it is the end of the lease, so that one index finds all that can be claimed.
# holder: who has the lease; empty: nobody. waits_for: the destination that has
# to come to its end first; empty: none, or it has.
delivery = sa.Table(
    "delivery",
    metadata,
    _key("municipality"),
    _key("id"),
    _text("submission_id"),
    _text("destination"),
    _text("component"),
    _text("key"),
    _number("position"),
    _text("after"),
    _added("waits_for"),
    _text("state"),
    _number("attempts"),
    _text("remote_reference"),
    _text("reason"),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    _added("holder"),
    _added("waived_as"),
    sa.Column("tried_anew_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(
        ("municipality", "submission_id"), ("submission.municipality", "submission.id")
    ),
    sa.UniqueConstraint("municipality", "submission_id", "destination"),
    sa.UniqueConstraint("municipality", "component", "key"),
)
claimable = sa.and_(
    _any_of(delivery.c.state, "waiting", "sending", "unknown", "accepted_pending"),
    delivery.c.waits_for == sa.literal_column("''"),
)
sa.Index(
    "ix_delivery_claimable",
    delivery.c.municipality,
    delivery.c.component,
    delivery.c.due_at,
    sqlite_where=claimable,
)
held = delivery.c.lease_until.is_not(None)
sa.Index(
    "ix_delivery_held",
    delivery.c.municipality,
    delivery.c.component,
    sqlite_where=held,
)
unfinished_delivery = _any_of(
    delivery.c.state, "waiting", "sending", "unknown", "accepted_pending", "parked"
)
sa.Index(
    "ix_delivery_unfinished",
    delivery.c.municipality,
    delivery.c.component,
    delivery.c.state,
    delivery.c.created_at,
    sqlite_where=unfinished_delivery,
)

# The other end of deliveries: one row for each component that delivers. What a
# person or the circuit breaker has decided about it; how it is configured is in
# the municipality's file.
receiver = sa.Table(
    "receiver",
    metadata,
    _key("municipality"),
    _key("component"),
    sa.Column("paused_at", UtcDateTime),
    _text("paused_by"),
    _text("pause_reason"),
    _number("failures"),
    sa.Column("rests_until", UtcDateTime),
    sa.Column("resumed_at", UtcDateTime),
)

delivery_attempt = sa.Table(
    "delivery_attempt",
    metadata,
    _key("municipality"),
    _key("delivery_id"),
    sa.Column("number", sa.Integer, primary_key=True),
    _text("plugin"),
    _text("plugin_version"),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("outcome", sa.String),
    sa.Column("evidence", Sealed),
    sa.ForeignKeyConstraint(
        ("municipality", "delivery_id"), ("delivery.municipality", "delivery.id")
    ),
)

web_session = sa.Table(
    "web_session",
    metadata,
    _key("municipality"),
    _key("token_hash"),
    sa.Column("csrf_token", Sealed, nullable=False),
    sa.Column("identity", Sealed, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    *_of_provider(),
    sa.Index(None, "municipality", "expires_at"),
)

staff_session = sa.Table(
    "staff_session",
    metadata,
    _key("municipality"),
    _key("token_hash"),
    sa.Column("csrf_token", Sealed, nullable=False),
    sa.Column("staff", Sealed, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    *_of_provider(),
    sa.Index(None, "municipality", "expires_at"),
)

pending_login = sa.Table(
    "pending_login",
    metadata,
    _key("municipality"),
    _key("request_id"),
    _text("component"),
    _text("solution"),
    _text("locale"),
    _text("browser_hash"),
    _text("audience"),
    _text("return_url"),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index(None, "municipality", "expires_at"),
)

seen_assertion = sa.Table(
    "seen_assertion",
    metadata,
    _key("municipality"),
    _key("issuer"),
    _key("assertion_id"),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Index(None, "municipality", "until"),
)

# What a component keeps under a key may name somebody, so the key is hidden, too.
component_value = sa.Table(
    "component_value",
    metadata,
    _key("municipality"),
    _key("component"),
    _key("key_index"),
    sa.Column("value", Sealed, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Index(None, "municipality", "expires_at"),
)

task = sa.Table(
    "task",
    metadata,
    _key("municipality"),
    _key("component"),
    _key("name"),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime),
)

journey_count = sa.Table(
    "journey_count",
    metadata,
    _key("municipality"),
    _key("solution"),
    _key("version"),
    _key("channel"),
    sa.Column("day", sa.Date, primary_key=True),
    _number("started"),
    _number("completed"),
)

# How long what was accepted under a definition is kept: still known when the
# solution is offered no more. offered_on: the last day it was.
retention = sa.Table(
    "retention",
    metadata,
    _key("municipality"),
    _key("solution"),
    _key("definition_sha256"),
    _number("draft_days"),
    _number("delivered_days"),
    sa.Column("offered_on", sa.Date, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    _key("municipality"),
    _key("id"),
    sa.Column("at", UtcDateTime, nullable=False),
    _text("event"),
    _text("subject"),
    _text("detail"),
    # A member of staff, by the name they log in with; empty: the application itself.
    _added("actor"),
    # By which way the actor came: staff's pages, a command, a message from outside ...
    _added("way"),
    _added("purpose"),
    # Whose data it is about: keyed indexes under the key of the line, parted by a space.
    _added("persons"),
    # The line's MAC, and the master key it is made with; empty: from before there was one.
    _added("key_id"),
    _added("mac"),
    sa.Index(None, "municipality", "at"),
    sa.Index(None, "municipality", "subject"),
)

# Who has seen a citizen's data is found by these, and only lines about somebody pay for
# them. Of a line about several, each is looked for in the text.
about_somebody = audit.c.persons != sa.literal_column("''")
sa.Index(
    "ix_audit_persons",
    audit.c.municipality,
    audit.c.key_id,
    audit.c.persons,
    sqlite_where=about_somebody,
)
# Longer than one keyed index is.
about_several = sa.func.length(audit.c.persons) > sa.literal_column("32")
sa.Index(
    "ix_audit_several",
    audit.c.municipality,
    audit.c.persons,
    sqlite_where=about_several,
)

# The chain over the lines of the audit log, some seconds behind them. ``link`` is
# keyed, and made of the link before, the position, and the line's id and MAC.
audit_seal = sa.Table(
    "audit_seal",
    metadata,
    _key("municipality"),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    _text("line_id"),
    _text("line_mac"),
    _text("key_id"),
    _text("link"),
    sa.Column("sealed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("municipality", "line_id"),
)
