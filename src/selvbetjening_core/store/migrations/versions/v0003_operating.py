"""What operating deliveries takes: receivers, who holds a row, staff, and an enquiry code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from selvbetjening_core.journey.enquiry import enquiry_code

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CLAIMABLE = "ix_delivery_claimable"
_OPEN = "'waiting', 'sending', 'unknown', 'accepted_pending'"


def upgrade() -> None:
    """Make tables, columns and indexes, and fill in what can be told of what is there."""
    _create_receiver()
    _create_staff_session()
    _create_retention()
    _add_text("audit", "actor")
    op.create_index("ix_audit_municipality_at", "audit", ["municipality", "at"])
    op.create_index("ix_audit_municipality_subject", "audit", ["municipality", "subject"])
    _add_text("submission", "enquiry_code")
    _fill_enquiry_codes()
    op.create_index(
        "ix_submission_municipality_enquiry_code", "submission", ["municipality", "enquiry_code"]
    )
    op.create_index(
        "ix_submission_municipality_solution_received_at",
        "submission",
        ["municipality", "solution", "received_at"],
    )
    _add_text("delivery", "waits_for")
    _add_text("delivery", "holder")
    _add_text("delivery", "waived_as")
    op.add_column("delivery", sa.Column("tried_anew_at", _MOMENT))
    _fill_waits_for()
    _fill_receivers()
    _index_claimable(
        ["municipality", "component", "due_at"], f"state IN ({_OPEN}) AND waits_for = ''"
    )
    _index("ix_delivery_held", ["municipality", "component"], "lease_until IS NOT NULL")
    _index(
        "ix_delivery_unfinished",
        ["municipality", "component", "state", "created_at"],
        f"state IN ({_OPEN}, 'parked')",
    )


def downgrade() -> None:
    """Remove them. What a person gave up becomes parked, which was there before."""
    op.execute("UPDATE delivery SET state = 'parked' WHERE state = 'waived'")
    op.drop_index("ix_delivery_unfinished", "delivery")
    op.drop_index("ix_delivery_held", "delivery")
    _index_claimable(["municipality", "due_at"], f"state IN ({_OPEN})")
    op.drop_column("delivery", "tried_anew_at")
    op.drop_column("delivery", "waived_as")
    op.drop_column("delivery", "holder")
    op.drop_column("delivery", "waits_for")
    op.drop_index("ix_submission_municipality_solution_received_at", "submission")
    op.drop_index("ix_submission_municipality_enquiry_code", "submission")
    op.drop_column("submission", "enquiry_code")
    op.drop_index("ix_audit_municipality_subject", "audit")
    op.drop_index("ix_audit_municipality_at", "audit")
    op.drop_column("audit", "actor")
    op.drop_index("ix_payment_municipality_draft_id", "payment")
    op.drop_index("ix_draft_municipality_solution_updated_at", "draft")
    op.drop_table("retention")
    op.drop_table("staff_session")
    op.drop_table("receiver")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _add_text(table: str, name: str) -> None:
    op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))


def _create_receiver() -> None:
    op.create_table(
        "receiver",
        _text("municipality"),
        _text("component"),
        sa.Column("paused_at", _MOMENT),
        _text("paused_by"),
        _text("pause_reason"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", _MOMENT),
        sa.Column("resumed_at", _MOMENT),
        sa.PrimaryKeyConstraint("municipality", "component", name="pk_receiver"),
    )


def _create_staff_session() -> None:
    op.create_table(
        "staff_session",
        _text("municipality"),
        _text("token_hash"),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("municipality", "token_hash", name="pk_staff_session"),
    )
    op.create_index(
        "ix_staff_session_municipality_expires_at",
        "staff_session",
        ["municipality", "expires_at"],
    )


def _create_retention() -> None:
    op.create_table(
        "retention",
        _text("municipality"),
        _text("solution"),
        _text("definition_sha256"),
        sa.Column("draft_days", sa.Integer(), nullable=False),
        sa.Column("delivered_days", sa.Integer(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(
            "municipality", "solution", "definition_sha256", name="pk_retention"
        ),
    )
    op.create_index(
        "ix_draft_municipality_solution_updated_at",
        "draft",
        ["municipality", "solution", "updated_at"],
    )
    op.create_index("ix_payment_municipality_draft_id", "payment", ["municipality", "draft_id"])


def _fill_enquiry_codes() -> None:
    submission = sa.table(
        "submission", *(sa.column(name) for name in ("municipality", "id", "draft_id"))
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(submission)).all()
    change = sa.text(
        "UPDATE submission SET enquiry_code = :code WHERE municipality = :municipality AND id = :id"
    )
    for row in rows:
        code = enquiry_code(row.draft_id)
        connection.execute(change, {"code": code, "municipality": row.municipality, "id": row.id})


def _fill_waits_for() -> None:
    op.execute(
        "UPDATE delivery SET waits_for = after WHERE after <> '' AND state = 'waiting'"
        " AND NOT EXISTS (SELECT 1 FROM delivery AS first"
        " WHERE first.municipality = delivery.municipality"
        " AND first.submission_id = delivery.submission_id"
        " AND first.destination = delivery.after AND first.state = 'delivered')"
    )


def _fill_receivers() -> None:
    op.execute(
        "INSERT INTO receiver (municipality, component, paused_by, pause_reason, failures)"
        " SELECT DISTINCT municipality, component, '', '', 0 FROM delivery"
    )


def _index_claimable(columns: list[str], where: str) -> None:
    op.drop_index(_CLAIMABLE, "delivery")
    _index(_CLAIMABLE, columns, where)


def _index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "delivery", columns, sqlite_where=condition, postgresql_where=condition)
