"""A receipt for a form of the site's own, in the site's own transaction.

Run: python3 own_receipt.py INSTALLATION FOLDER
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import sqlalchemy as sa

from selvbetjening_core.embedding import OwnCase, receipts

table = sa.Table(
    "complaint",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.String),
    sa.Column("receipt_number", sa.String, unique=True),
    sa.Column("receipt_case", sa.String),
)


def complain(engine, desk, citizen, text):
    """Store a complaint, and make its receipt: both, or neither."""
    now = datetime.datetime.now(tz=datetime.UTC)
    # A receipt begins.
    with engine.begin() as connection:
        key = connection.execute(table.insert().values(text=text)).inserted_primary_key[0]
        own = OwnCase(
            form="klage", reference=str(key), title="Klage over et vejskilt", received_at=now,
            **citizen, level="substantial", vouched_by="mors.dk",
            answers={"Klagen": {"Hvad klager du over?": text}},
        )  # fmt: skip
        issued = desk.issue(own)
        stored = {"receipt_number": issued.number, "receipt_case": issued.case}
        connection.execute(table.update().where(table.c.id == key).values(stored))
    assert desk.verify(issued.document).ok
    # A receipt ends.
    return issued


if __name__ == "__main__":
    installation, folder = sys.argv[1], Path(sys.argv[2])
    engine = sa.create_engine(f"sqlite:///{folder / 'site.sqlite'}")
    table.create(engine)
    kirsten = {"cpr": "291182-9996", "name": "Kirsten Test Berggren"}
    receipt = complain(engine, receipts(installation, "0773"), kirsten, "Skiltet står skævt.")
    (folder / receipt.document.name).write_bytes(receipt.document.content)
    print(receipt.number)
