"""Holds the plugin to the contract.

``selvbetjening conformance acme-plugin`` runs this, wherever the wheel is installed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from selvbetjening_core.testing import SecretsBench, SecretsConformance


class TestSecrets(SecretsConformance):
    """Every check of the kit."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> SecretsBench:
        """A folder of the test's own, and how to put a secret into it."""

        def put(name: str, value: str) -> None:
            (tmp_path / name).write_text(value, encoding="utf-8")

        return SecretsBench(
            plugin="acme_plugin",
            set_settings={"folder": str(tmp_path)},
            put=put,
            not_applicable={
                "away": (
                    "the secrets are files on the machine itself",
                    "hemmelighederne er filer på maskinen selv",
                )
            },
        )
