"""How Acme's receipt looks: this and ``templates`` are what you change.

Everything that belongs on a receipt is in the template already, and the
conformance kit tells what you take away.
"""

from __future__ import annotations

from functools import cache

import jinja2
from markupsafe import Markup
from selvbetjening_core.receipts import Content, words

MEDIA_TYPE = "text/html"
ENDING = "html"

# What the seal stands between. An answer's angle brackets are escaped, so none can
# look like this.
SEAL_START = b'<meta name="acme-seal" content="'
SEAL_END = b'">'


def written(case: Content, locale: str, check_code: str, blank_seal: str) -> str:
    """The receipt, with ``blank_seal`` where the seal is to be.

    The same case gives the same text, always: no time of day, no chance.
    """
    return _template().render(
        t=words(locale),
        locale=locale,
        case=case,
        blank_seal=Markup(blank_seal),
        check_code=check_code,
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("acme_plugin"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("receipt.html")
