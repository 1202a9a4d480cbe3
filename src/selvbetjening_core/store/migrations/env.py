"""Run by Alembic, inside the transaction that the caller has begun."""

from __future__ import annotations

from alembic import context

from selvbetjening_core.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
