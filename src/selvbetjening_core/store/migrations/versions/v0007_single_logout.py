"""A session is found again by what the provider calls the login, and ends with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("web_session", "staff_session")
_NAMES = ("login_name", "person_name")


def upgrade() -> None:
    """Make the columns, empty: of logins that are under way the provider told no names."""
    for table in _TABLES:
        for name in _NAMES:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
            op.create_index(f"ix_{table}_municipality_{name}", table, ["municipality", name])
        op.add_column(table, sa.Column("farewell", sa.Text()))


def downgrade() -> None:
    """Remove them. A log-out at the provider ends nothing here any more."""
    for table in _TABLES:
        op.drop_column(table, "farewell")
        for name in _NAMES:
            op.drop_index(f"ix_{table}_municipality_{name}", table)
            op.drop_column(table, name)
