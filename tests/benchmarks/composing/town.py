"""An installation of 98 municipalities on one plugin set, as the demo has two."""

from __future__ import annotations

import shutil
from pathlib import Path

from selvbetjening_core.composition.kommunekoder import kommunekoder
from selvbetjening_demo.folder import prepare_folder

ENVIRONMENT = {
    "SELVBETJENING_DEMO_PROVIDER": "http://127.0.0.1:1",
    "SELVBETJENING_DEMO_SMTP": "smtp://127.0.0.1:1",
}
CHRISTIANSOE = "0411"
_LOGO_OF_RECEIPT = 'logo     = "logos/0773.svg"\n'
_MODELS = {"0751": ("Aarhus Kommune", "aarhus"), "0773": ("Morsø Kommune", "mors")}


def country(folder: Path, *, receipts_with_logos: bool = False) -> Path:
    """All municipalities, every other one like each of the demo's; the installation's file.

    :param receipts_with_logos: the plugin for receipts tries a logo out when it
        makes its component, which is its own work and not the core's
    """
    prepare_folder(folder)
    files = {code: folder / "municipalities" / f"{code}.toml" for code in _MODELS}
    models = {code: file.read_text("utf-8") for code, file in files.items()}
    if not receipts_with_logos:
        assert _LOGO_OF_RECEIPT in models["0773"]
        models["0773"] = models["0773"].replace(_LOGO_OF_RECEIPT, "")
    for file in files.values():
        file.unlink()
    codes = {code: name for code, name in kommunekoder().items() if code != CHRISTIANSOE}
    for number, (code, name) in enumerate(codes.items()):
        model = list(models)[number % len(models)]
        _municipality(folder, models[model], model, code, name)
    return folder / "selvbetjening.toml"


def _municipality(folder: Path, text: str, model: str, code: str, name: str) -> None:
    own_name, host = _MODELS[model]
    for old, new in ((own_name, name), (f"{host}.localhost", f"m{code}.localhost")):
        assert old in text
        text = text.replace(old, new)
    text = text.replace(f'"/{host}"', f'"/m{code}"').replace(model, code)
    (folder / "municipalities" / f"{code}.toml").write_text(text, "utf-8")
    for kind in ("logos/{}.svg", "logos/{}-icon.svg", "secrets/seal-{}"):
        source, target = folder / kind.format(model), folder / kind.format(code)
        if source.exists() and not target.exists():
            shutil.copyfile(source, target)
