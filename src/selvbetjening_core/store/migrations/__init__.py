"""Alembic's migrations, run by :func:`selvbetjening_core.store.engine.upgrade`."""
