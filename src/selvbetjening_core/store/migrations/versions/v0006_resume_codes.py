"""A draft of somebody who is not logged in is found again by a resume code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEX = "ix_draft_resume"
_CODED = sa.text("resume_index != ''")


def upgrade() -> None:
    """Make the column, empty: what is there belongs to people who have logged in."""
    op.add_column(
        "draft", sa.Column("resume_index", sa.String(), nullable=False, server_default="")
    )
    op.create_index(
        _INDEX,
        "draft",
        ["municipality", "resume_index"],
        sqlite_where=_CODED,
        postgresql_where=_CODED,
    )


def downgrade() -> None:
    """Remove it. No code opens anything any more; in its browser a draft goes on."""
    op.drop_index(_INDEX, "draft")
    op.drop_column("draft", "resume_index")
