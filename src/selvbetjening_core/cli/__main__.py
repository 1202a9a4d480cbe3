"""``python -m selvbetjening_core.cli``."""

from selvbetjening_core.cli.main import main

main(prog_name="selvbetjening")
