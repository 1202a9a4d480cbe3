"""A draft's answers sealed step by step, beside those that were sealed one by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column. Answers that are there stay as they are until their draft is resumed."""
    op.add_column("draft", sa.Column("steps", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Remove it, and what is in it: without the keys nothing can be put elsewhere.

    Citizens answer the steps of their open drafts again. What was sent, or accepted
    before paying, is kept elsewhere, whole.
    """
    op.drop_column("draft", "steps")
