"""The first tables: drafts, payments, submissions, the ledger, logins, counts, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    _create_draft()
    _create_payment()
    _create_submission()
    _create_delivery()
    _create_delivery_attempt()
    _create_logins()
    _create_journey_count()
    _create_audit()


def downgrade() -> None:
    """Remove all tables, children before parents."""
    for table in (
        "audit",
        "journey_count",
        "seen_assertion",
        "pending_login",
        "web_session",
        "delivery_attempt",
        "delivery",
        "submission",
        "payment",
        "draft",
    ):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, _MOMENT, nullable=False) for name in names]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("municipality", *columns, name=f"pk_{table}")


def _create_draft() -> None:
    op.create_table(
        "draft",
        *_texts("municipality", "id", "solution", "definition_version", "definition_sha256"),
        *_texts("locale", "owner_index"),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("household", sa.Text()),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("frozen", sa.Text()),
        *_texts("state", "payment_id", "submission_id"),
        *_moments("created_at", "updated_at"),
        _key("draft", "id"),
    )
    unfinished = sa.text("state IN ('open', 'paying')")
    op.create_index(
        "uq_draft_unfinished",
        "draft",
        ["municipality", "owner_index", "solution"],
        unique=True,
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _create_payment() -> None:
    op.create_table(
        "payment",
        *_texts("municipality", "id", "draft_id", "component", "key", "reference"),
        sa.Column("ore", sa.Integer(), nullable=False),
        *_texts("currency", "status", "outcome", "return_url", "message_url"),
        *_texts("provider_reference", "method"),
        *_moments("created_at"),
        sa.Column("paid_at", _MOMENT),
        _key("payment", "id"),
        sa.UniqueConstraint(
            "municipality", "component", "key", name="uq_payment_municipality_component_key"
        ),
    )
    op.create_index(
        "ix_payment_municipality_status_created_at",
        "payment",
        ["municipality", "status", "created_at"],
    )


def _create_submission() -> None:
    op.create_table(
        "submission",
        *_texts("municipality", "id", "receipt_number", "draft_id", "solution"),
        *_texts("definition_version", "definition_sha256"),
        sa.Column("plugin_versions", sa.JSON(), nullable=False),
        *_moments("received_at"),
        *_texts("channel", "basis", "level", "actor_index", "principal_index"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        _key("submission", "id"),
        sa.UniqueConstraint(
            "municipality", "receipt_number", name="uq_submission_municipality_receipt_number"
        ),
        sa.UniqueConstraint("municipality", "draft_id", name="uq_submission_municipality_draft_id"),
    )


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        *_texts("municipality", "id", "submission_id", "destination", "component", "key"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("after", "state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_texts("remote_reference", "reason"),
        *_moments("due_at"),
        sa.Column("lease_until", _MOMENT),
        *_moments("created_at", "changed_at"),
        _key("delivery", "id"),
        sa.ForeignKeyConstraint(
            ["municipality", "submission_id"],
            ["submission.municipality", "submission.id"],
            name="fk_delivery_submission",
        ),
        sa.UniqueConstraint(
            "municipality",
            "submission_id",
            "destination",
            name="uq_delivery_municipality_submission_id_destination",
        ),
        sa.UniqueConstraint(
            "municipality", "component", "key", name="uq_delivery_municipality_component_key"
        ),
    )
    claimable = sa.text("state IN ('waiting', 'sending', 'unknown')")
    op.create_index(
        "ix_delivery_claimable",
        "delivery",
        ["municipality", "due_at"],
        sqlite_where=claimable,
        postgresql_where=claimable,
    )


def _create_delivery_attempt() -> None:
    op.create_table(
        "delivery_attempt",
        *_texts("municipality", "delivery_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        *_texts("plugin", "plugin_version"),
        *_moments("started_at"),
        sa.Column("ended_at", _MOMENT),
        sa.Column("outcome", sa.String()),
        sa.Column("evidence", sa.Text()),
        _key("delivery_attempt", "delivery_id", "number"),
        sa.ForeignKeyConstraint(
            ["municipality", "delivery_id"],
            ["delivery.municipality", "delivery.id"],
            name="fk_delivery_attempt_delivery",
        ),
    )


def _create_logins() -> None:
    op.create_table(
        "web_session",
        *_texts("municipality", "token_hash"),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        *_moments("created_at", "expires_at"),
        _key("web_session", "token_hash"),
    )
    op.create_table(
        "pending_login",
        *_texts("municipality", "request_id", "component", "solution", "locale"),
        *_texts("browser_hash", "audience", "return_url"),
        *_moments("expires_at"),
        _key("pending_login", "request_id"),
    )
    op.create_table(
        "seen_assertion",
        *_texts("municipality", "issuer", "assertion_id"),
        *_moments("until"),
        _key("seen_assertion", "issuer", "assertion_id"),
    )
    for table, end in (
        ("web_session", "expires_at"),
        ("pending_login", "expires_at"),
        ("seen_assertion", "until"),
    ):
        op.create_index(f"ix_{table}_municipality_{end}", table, ["municipality", end])


def _create_journey_count() -> None:
    op.create_table(
        "journey_count",
        *_texts("municipality", "solution", "version", "channel"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        _key("journey_count", "solution", "version", "channel", "day"),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        *_texts("municipality", "id"),
        *_moments("at"),
        *_texts("event", "subject", "detail"),
        _key("audit", "id"),
    )
