"""Who acts, and how sure we are: attacked from outside, through the running application.

Run by ``tox run -e identity``.
"""

from __future__ import annotations

import sys

import saml
import suite

ABOUT = saml.ABOUT


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    return suite.main(
        "identity",
        saml.run,
        saml.FAULTS,
        title="Who acts, and how sure we are",
        about=ABOUT,
        arguments=arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
