"""What each stable code means: what happened, why it matters, what to do.

Every code of a problem and of an error is explained in one of the TOML files
beside this module; tests hold that none is missing and none is left over.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Explained:
    """One code, for the person who met it.

    :param area: the file it is explained in: where such things go wrong
    :param before: an example that is wrong; empty where none helps
    :param after: the same, mended
    """

    code: str
    area: str
    happened: str
    matters: str
    do: str
    before: str = ""
    after: str = ""


@functools.cache
def explanations() -> Mapping[str, Explained]:
    """Every code there is, by area and then in the order of its file.

    :raises TypeError: a file has a key that no explanation has, or lacks one
    :raises ValueError: a code is explained twice
    """
    found: dict[str, Explained] = {}
    files = (one for one in resources.files(__name__).iterdir() if one.name.endswith(".toml"))
    for file in sorted(files, key=lambda one: one.name):
        area = file.name.removesuffix(".toml")
        for code, told in tomllib.loads(file.read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{code} is explained twice, in {found[code].area} and {area}")
            found[code] = Explained(code, area, **told)
    return found
