"""Reading what people write: TOML with line numbers, checked as it is read."""

from selvbetjening_core.files.table import Table
from selvbetjening_core.files.toml_file import TomlFile, load_toml

__all__ = ["Table", "TomlFile", "load_toml"]
