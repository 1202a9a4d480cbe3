"""What components keep, when their tasks are due, and an end for what waits for a receipt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CLAIMABLE = "ix_delivery_claimable"


def upgrade() -> None:
    """Make the tables; deliveries that were only accepted are looked at again, too."""
    op.create_table(
        "component_value",
        *_texts("municipality", "component", "key_index"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.PrimaryKeyConstraint(
            "municipality", "component", "key_index", name="pk_component_value"
        ),
    )
    op.create_index(
        "ix_component_value_municipality_expires_at",
        "component_value",
        ["municipality", "expires_at"],
    )
    op.create_table(
        "task",
        *_texts("municipality", "component", "name"),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT),
        sa.PrimaryKeyConstraint("municipality", "component", "name", name="pk_task"),
    )
    _index_claimable("'waiting', 'sending', 'unknown', 'accepted_pending'")


def downgrade() -> None:
    """Remove the tables, and with them what components have kept."""
    _index_claimable("'waiting', 'sending', 'unknown'")
    op.drop_table("task")
    op.drop_table("component_value")


def _index_claimable(states: str) -> None:
    op.drop_index(_CLAIMABLE, "delivery")
    claimable = sa.text(f"state IN ({states})")
    op.create_index(
        _CLAIMABLE,
        "delivery",
        ["municipality", "due_at"],
        sqlite_where=claimable,
        postgresql_where=claimable,
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]
