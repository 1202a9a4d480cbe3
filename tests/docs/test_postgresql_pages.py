"""What the pages about PostgreSQL tell a server, told to a real one."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa
from docs_blocks import DOCS, blocks_of

from selvbetjening_core.store.engine import open_engine, upgrade

PAGES = [DOCS / door / "more-than-one-machine.md" for door in ("municipality", "kommune")]


def _block(page, language):
    (found,) = [block.text for block in blocks_of(page) if block.language == language]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_what_the_page_tells_a_server_works(postgres, page):
    """Its user can make the tables, and nobody else gets in."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS selvbetjening")
        server.execute("DROP ROLE IF EXISTS selvbetjening")
        server.execute("DROP ROLE IF EXISTS stranger")
        for statement in _block(page, "sql").split(";\n"):
            server.execute(statement)
        server.execute("CREATE ROLE stranger LOGIN")
    own = postgres.url("selvbetjening").replace("postgres@", "selvbetjening@")
    engine = open_engine(own)
    upgrade(engine)
    engine.dispose()
    stranger = own.replace("selvbetjening@", "stranger@")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(stranger)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_address_on_the_page_is_read(page):
    line = _block(page, "ini").splitlines()[-1]
    name, _, address = line.partition("=")
    read = sa.make_url(address)
    assert name == "SELVBETJENING_DATABASE"
    assert (read.host, read.database, read.query) == (
        "db.example",
        "selvbetjening",
        {"sslmode": "verify-full"},
    )
    open_engine(address).dispose()
