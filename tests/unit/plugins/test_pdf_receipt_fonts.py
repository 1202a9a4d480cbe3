from __future__ import annotations

import json

import pytest

from selvbetjening_dkfds.fetch import replace_folder
from selvbetjening_pdf_receipt.fetch_fonts import _FILES, NPM_FOLDER, fetch_fonts


def pretended_npm(folder):
    assert (folder / "package-lock.json").is_file()
    for source in _FILES.values():
        file = folder / "node_modules" / source
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, "ascii")


def broken_npm(folder):
    raise OSError(f"no network for {folder}")


def test_the_files_named_and_their_licences_are_taken(tmp_path):
    fonts = tmp_path / "fonts"
    assert fetch_fonts(pretended_npm, replace_folder, fonts)
    assert {file.name for file in fonts.iterdir()} == {*_FILES, "stamp.txt"}
    assert len([name for name in _FILES if name.endswith("LICENSE.txt")]) == 2


def test_done_again_it_does_nothing(tmp_path):
    fonts = tmp_path / "fonts"
    fetch_fonts(pretended_npm, replace_folder, fonts)
    assert not fetch_fonts(broken_npm, replace_folder, fonts)


def test_what_was_there_stays_where_npm_fails(tmp_path):
    fonts = tmp_path / "fonts"
    fetch_fonts(pretended_npm, replace_folder, fonts)
    (fonts / "stamp.txt").write_text("of an older lock file", "ascii")
    with pytest.raises(OSError, match="no network"):
        fetch_fonts(broken_npm, replace_folder, fonts)
    assert (fonts / "DejaVuSans.ttf").is_file()


def test_the_lock_file_holds_hashes_and_no_host():
    text = (NPM_FOLDER / "package-lock.json").read_text("utf-8")
    packages = [one for name, one in json.loads(text)["packages"].items() if name]
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages)
    assert "http" not in text
