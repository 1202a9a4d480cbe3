from __future__ import annotations

from pathlib import Path

from acme_small import solutions as good
from acme_small.planting import shared_settings as selvbetjening_settings
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import ISolutions

__all__ = ["selvbetjening_settings"]


class Relative(good.FolderSolutions):
    def folders(self):
        found = super().folders()
        return {name: folder.relative_to(self._folder) for name, folder in found.items()}


class OtherNames(good.FolderSolutions):
    def folders(self):
        return {f"vores_{name}": folder for name, folder in super().folders().items()}


class WrittenWhenAsked(good.FolderSolutions):
    def folders(self):
        (self._folder / "asked").write_text("once more", "utf-8")
        return super().folders()


class OwnAnswer(good.FolderSolutions):
    def __init__(self, folder):
        super().__init__(folder)
        self._found = super().folders()

    def folders(self):
        return self._found


class WithoutATitle(good.FolderSolutions):
    def __init__(self, folder):
        super().__init__(folder)
        file = Path(folder) / "sundhedskort" / "solution.toml"
        lines = file.read_text("utf-8").splitlines(keepends=True)
        text = "".join(line for line in lines if not line.startswith("title."))
        if text != file.read_text("utf-8"):
            file.write_text(text, "utf-8")


FAULTS = {
    "none": good.FolderSolutions,
    "relative": Relative,
    "other-names": OtherNames,
    "written-when-asked": WrittenWhenAsked,
    "own-answer": OwnAnswer,
    "without-a-title": WithoutATitle,
}


@hookimpl
def selvbetjening_register(register, context):
    settings = context.settings
    register.shared(ISolutions, FAULTS[settings["fault"]](settings["folder"]))
