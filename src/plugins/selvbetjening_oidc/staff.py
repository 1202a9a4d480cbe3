"""What is said of a member of staff, as the core reads it.

A role that is limited to some data (a KLE number, an organisation) is no role here, which
would be without the limit: it is handed on as a privilege alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selvbetjening_core.values import Privilege, ScopeKind
from selvbetjening_oidc.parsing import text_of, texts_of
from selvbetjening_oidc.settings import Agreement


def staff_attributes(
    said: Mapping[str, Any], agreement: Agreement, privileges: tuple[Privilege, ...]
) -> dict[str, str]:
    """The attributes ``staff``, ``name``, ``municipalities`` and ``roles``. Personal data.

    What the agreement does not know, of municipalities and roles, is left out.
    """
    told = set(texts_of(said, agreement.claims.get("municipalities", "")))
    companies = told & set(agreement.municipalities)
    granted = {
        *texts_of(said, agreement.claims.get("roles", "")),
        *(
            one.name
            for one in privileges
            if one.scope_kind is ScopeKind.COMPANY
            and one.scope in companies
            and not one.constraints
        ),
    }
    found = {
        "staff": text_of(said, agreement.claims.get("staff", "")).strip(),
        "name": text_of(said, agreement.claims.get("name", "")).strip(),
        "municipalities": " ".join(sorted({agreement.municipalities[one] for one in companies})),
        "roles": " ".join(sorted({agreement.roles[one] for one in granted & set(agreement.roles)})),
    }
    return {name: text for name, text in found.items() if text}
