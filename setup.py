"""What setup.cfg cannot say: the national design system is fetched before packages are built."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent / "src" / "plugins"))

from selvbetjening_dkfds.fetch import NotReached, Refused, fetch_or_say, replace_folder, run_npm
from selvbetjening_pdf_receipt.fetch_fonts import fetch_fonts


class BuildPy(build_py):
    """Fetches first. An editable install comes this way too."""

    def run(self) -> None:
        """Fetch, then build."""
        fetch_or_say()
        fetch_fonts_or_say()
        super().run()


def fetch_fonts_or_say() -> None:
    """What must not be used ends the build, what was not reached is told in one line."""
    try:
        fetch_fonts(run_npm, replace_folder)
    except Refused as error:
        raise SystemExit(f"selvbetjening: the receipt's fonts were refused: {error}") from error
    except (NotReached, OSError) as error:
        sys.stderr.write(
            f"selvbetjening: the receipt's fonts were not fetched ({error});"
            " receipts will be set in Typst's own\n"
        )


setup(cmdclass={"build_py": BuildPy})
