"""Who acts, and how sure we are: attacked from outside, through the running application.

Run by ``tox run -e identity``.
"""

from __future__ import annotations

import sys

import levels
import saml
import suite

PARTS = (saml, levels)
ABOUT = " ".join(part.ABOUT for part in PARTS)
FAULTS = {name: told for part in PARTS for name, told in part.FAULTS.items()}


def run(options: suite.Options) -> suite.Result:
    """Every part; with a fault, the part whose fault it is."""
    chosen = [part for part in PARTS if not options.fault or options.fault in part.FAULTS]
    results = [part.run(options) for part in chosen]
    figures = {name: figure for one in results for name, figure in one.figures.items()}
    return suite.Result(figures, [told for one in results for told in one.missed])


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    return suite.main(
        "identity",
        run,
        FAULTS,
        title="Who acts, and how sure we are",
        about=ABOUT,
        arguments=arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
