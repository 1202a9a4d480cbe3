"""Holds the importer to the contract, with files whose contents were counted by hand.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

import pytest
from selvbetjening_core.testing import ImporterBench, ImporterConformance, Sample
from selvbetjening_core.values import SourceFile

COMPLAINT = (
    "ACME-FORM;klage;Klag over en afgørelse\n"
    "hvem;Hvem klager?;tekst\n"
    "dag;Hvornår?;dato\n"
    "mere;Mere at sige?;valgfri tekst\n"
)
# A kind that Acme has and nobody here knows.
WITH_MAP = COMPLAINT + "hvor;Tegn på kortet;kort\n"
# What could be run, if anybody did.
WITH_CODE = (
    "ACME-FORM;kode;{{ 7 * 7 }}\n"
    "a;__import__('os').getpid();tekst\n"
    'b;"\'; DROP TABLE x; --";${jndi:ldap://127.0.0.1/x}\n'
)


class TestImporter(ImporterConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self) -> ImporterBench:
        """Files that are right, one with code in it, and files that cannot be read."""
        return ImporterBench(
            plugin="acme_plugin",
            samples=(
                Sample(
                    source=SourceFile("klage.txt", COMPLAINT.encode()),
                    elements=frozenset({"hvem", "dag", "mere"}),
                ),
                Sample(
                    source=SourceFile("klage.txt", WITH_MAP.encode()),
                    elements=frozenset({"hvem", "dag", "mere", "hvor"}),
                    unknown=frozenset({"hvor"}),
                ),
            ),
            with_code=SourceFile("kode.txt", WITH_CODE.encode()),
            malformed={
                "line 1": SourceFile("x.txt", b"ACME-FORM;\n"),
                "line 3": SourceFile("x.txt", COMPLAINT.replace("dag;", "").encode()),
                "not UTF-8": SourceFile("x.txt", b"ACME-FORM;klage;Klag\xff over"),
            },
        )
