"""What security takes: who, whom and why in the audit log, its chain; and files sent along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_POLICY = "municipality_apart"
_GUARDED = (
    "audit",
    "audit_seal",
    "component_value",
    "delivery",
    "delivery_attempt",
    "draft",
    "journey_count",
    "payment",
    "pending_login",
    "receiver",
    "retention",
    "seen_assertion",
    "staff_session",
    "submission",
    "task",
    "upload",
    "web_session",
)
_SAID = "current_setting('selvbetjening.municipality', true)"
_AUDIT_TEXTS = ("way", "purpose", "persons", "key_id", "mac")


def upgrade() -> None:
    """Make tables and columns. Lines of the audit log that are there are sealed as found."""
    for name in _AUDIT_TEXTS:
        _add_text("audit", name)
    _index_persons()
    _create_audit_seal()
    _create_upload()
    _guard_rows()


def downgrade() -> None:
    """Remove them."""
    _leave_rows_unguarded()
    for name in ("ix_audit_several", "ix_audit_persons"):
        op.drop_index(name, "audit")
    for name in reversed(_AUDIT_TEXTS):
        op.drop_column("audit", name)
    op.drop_table("upload")
    op.drop_table("audit_seal")


def _guard_rows() -> None:
    """A transaction sees the rows of the municipality that it says it is for, and no others."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _GUARDED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        # For the owner of the table, too, as whom an application of one role works.
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY {_POLICY} ON {table} USING (municipality = {_SAID} OR {_SAID} = '*')"
        )


def _leave_rows_unguarded() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _GUARDED:
        op.execute(f"DROP POLICY {_POLICY} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _index_persons() -> None:
    """Lines about somebody by the person, and lines about several."""
    _add_index("ix_audit_persons", ["municipality", "key_id", "persons"], "persons != ''")
    _add_index("ix_audit_several", ["municipality", "persons"], "length(persons) > 32")


def _add_index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "audit", columns, sqlite_where=condition, postgresql_where=condition)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _add_text(table: str, name: str) -> None:
    op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))


def _create_audit_seal() -> None:
    op.create_table(
        "audit_seal",
        _text("municipality"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("line_id"),
        _text("line_mac"),
        _text("key_id"),
        _text("link"),
        sa.Column("sealed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("municipality", "position", name="pk_audit_seal"),
        sa.UniqueConstraint("municipality", "line_id", name="uq_audit_seal_municipality_line_id"),
    )


def _create_upload() -> None:
    op.create_table(
        "upload",
        _text("municipality"),
        _text("id"),
        _text("draft_id"),
        _text("submission_id"),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("municipality", "id", name="pk_upload"),
    )
    for column in ("draft_id", "submission_id"):
        op.create_index(f"ix_upload_municipality_{column}", "upload", ["municipality", column])
