"""What the pages about several municipalities tell a server, told to a real one."""

from __future__ import annotations

import datetime

import psycopg
import pytest
from docs_blocks import DOCS, blocks_of

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import survey
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import is_unguarded, open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import metadata
from selvbetjening_demo.folder import prepare_folder

PAGES = [DOCS / door / "municipalities-apart.md" for door in ("municipality", "kommune")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_second_role_on_the_page_is_enough(postgres, page):
    """It starts and works as a role that owns nothing; tables of a later version are its, too."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS selvbetjening WITH (FORCE)")
        server.execute("DROP ROLE IF EXISTS selvbetjening_app")
        server.execute("DROP ROLE IF EXISTS selvbetjening")
        server.execute("CREATE ROLE selvbetjening LOGIN")
        server.execute("CREATE DATABASE selvbetjening OWNER selvbetjening")
    owner = postgres.url("selvbetjening").replace("postgres@", "selvbetjening@")
    _upgrade(owner)
    (block,) = [one.text for one in blocks_of(page) if one.language == "sql"]
    with psycopg.connect(postgres.url("selvbetjening"), autocommit=True) as server:
        for statement in filter(str.strip, block.split(";\n")):
            server.execute(statement)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE of_a_later_version (a int)")
    plain = owner.replace("selvbetjening@", "selvbetjening_app@")
    _upgrade(plain)
    engine = open_engine(plain)
    assert not is_unguarded(engine)
    with SqlStore(engine, KeyRing({"k1": bytes(range(32))}, "k1")).transaction("0773") as work:
        assert work.drafts.get("nothing") is None
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO of_a_later_version VALUES (1)")
        for name in metadata.tables:
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() == 0  # noqa: S608 - a name of ours
    engine.dispose()


def _upgrade(url):
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_agreement_on_the_page_is_one(tmp_path, page):
    """Written into the two files that the blocks name, it is in force on its days."""
    folder = prepare_folder(tmp_path / "demo")
    for block in blocks_of(page):
        if block.language == "toml":
            name = block.text.split(":")[0].removeprefix("# ")
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write(f"\n{block.text}")
    day = datetime.date(2026, 6, 1)
    plan, problems = survey(folder / "selvbetjening.toml", register_core, day)
    assert [one.code for one in problems if one.code.startswith("agreement")] == []
    assert plan.municipalities["0773"].visitors["0751"].holds_on(day)
