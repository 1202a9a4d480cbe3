"""Who acts for whom, as rows for the summary and the receipt."""

from __future__ import annotations

from selvbetjening_core.texts import Texts
from selvbetjening_core.values import Basis, Parties


def party_rows(parties: Parties, texts: Texts) -> list[tuple[str, str]]:
    """Label and text: who acts, for whom where that differs, on what basis, how sure."""
    actor, principal = parties.actor, parties.principal
    rows = [(texts.t("parties.actor"), actor.name if actor else texts.t("parties.unidentified"))]
    if principal is not None and parties.basis is not Basis.SELF:
        rows.append((texts.t("parties.principal"), principal.name))
    level = parties.level_word
    vouched = texts.t("parties.vouched", host=parties.vouched_by)
    basis = (texts.t("parties.basis"), texts.t(f"parties.basis_{parties.basis}"))
    return [
        *rows,
        # Of somebody whom nobody knows, nobody can say it.
        *([basis] if actor else []),
        (texts.t("parties.level"), texts.t(f"parties.level_{level}")),
        *([(texts.t("parties.vouched_by"), vouched)] if parties.vouched_by else []),
        (texts.t("parties.channel"), texts.t(f"parties.channel_{parties.channel}")),
    ]
