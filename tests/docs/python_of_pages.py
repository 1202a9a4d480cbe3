"""Write the typed Python of the pages into the folder named, for the type checker."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from docs_blocks import DOCS, blocks_of

TYPED = {
    "acme_journal.py": ("vendor/first-plugin.md", "acme-journal/acme_journal/plugin.py"),
    "acme_plates.py": ("vendor/add-a-field-kind.md", "acme-plates/acme_plates.py"),
    "harbour_theme.py": ("vendor/write-a-theme.md", "harbour-theme/harbour_theme/__init__.py"),
    "compose_and_check.py": ("embedder/compose-and-check.md", "compose_and_check.py"),
}


def python_of(page: str, file: str) -> str:
    """A file as the page builds it up."""
    parts = [
        block.text
        for block in blocks_of(DOCS / page)
        if block.about == file and block.way in ("file", "append")
    ]
    return "\n\n".join(parts)


def main(folder: Path) -> None:
    """Write them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (page, file) in TYPED.items():
        (folder / name).write_text(python_of(page, file), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
