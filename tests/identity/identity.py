"""Who acts, and how sure we are: attacked from outside, through the running application.

Run by ``tox run -e identity``.
"""

from __future__ import annotations

import sys

import levels
import oidc
import saml
import suite

PARTS = {"NemLog-in": saml, "broker": oidc, "levels": levels}
ABOUT = " ".join(part.ABOUT for part in PARTS.values())
FAULTS = {name: told for part in PARTS.values() for name, told in part.FAULTS.items()}


def run(options: suite.Options) -> suite.Result:
    """All of them; of a planted fault, those that it is planted in."""
    figures: dict[str, object] = {}
    missed: list[str] = []
    for name, part in PARTS.items():
        if options.fault and options.fault not in part.FAULTS:
            continue
        found = part.run(options)
        figures |= {f"{name}: {figure}": value for figure, value in found.figures.items()}
        missed += [f"{name}: {one}" for one in found.missed]
    return suite.Result(figures, missed)


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
