"""What a preview shows now: the last version that was right, and what is wrong with the newest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from selvbetjening_core.application import Application, assemble, utc_now
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import survey
from selvbetjening_core.composition.stack import Composition
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.problems import Place, Problem, Problems, Severity
from selvbetjening_core.themes.checking import check_templates
from selvbetjening_core.web.app import Site, make_app
from selvbetjening_core.web.limits.rates import Rates
from selvbetjening_demo.preview.folder import PreviewFolder

WsgiApp = Callable[..., Iterable[bytes]]


class Watched:
    """The solution, looked at anew whenever its files have changed. Safe between threads.

    :param folder: the installation that the preview runs
    """

    def __init__(self, folder: PreviewFolder) -> None:
        self.folder = folder
        self.name = folder.source.name
        self.problems: tuple[Problem, ...] = ()
        self.revision = 0
        """Goes up with every look at changed files."""
        self.app: WsgiApp | None = None
        """Serves the last version that was right; None as long as there was none."""
        self._application: Application | None = None
        self._rates = Rates()
        self._seen: object = None
        self._looking = threading.Lock()

    @property
    def is_outdated(self) -> bool:
        """Is what is shown older than what is written?"""
        return any(one.severity is Severity.ERROR for one in self.problems)

    def look(self) -> None:
        """Go over to what is written now, if that has changed and is right."""
        with self._looking:
            state = self.folder.state()
            if state != self._seen:
                self._seen = state
                self.problems = tuple(self._take_over())
                self.revision += 1

    def close(self) -> None:
        """Close the database."""
        if self._application is not None:
            self._application.close()

    def _take_over(self) -> Problems:
        try:
            self.folder.take_over()
        except OSError as error:
            return _unreadable(self.folder, error)
        plan, problems = survey(self.folder.config, register_core, utc_now().date())
        if plan is not None:
            check_templates(plan)
        if plan is None or problems.count_errors():
            return problems
        try:
            if self._application is None:
                self._begin(assemble(plan))
            else:
                self._application.reload()
        except ConfigurationError as error:
            return error.problems
        return problems

    def _begin(self, application: Application) -> None:
        # Nothing is ever started that would deliver.
        def web(composition: Composition) -> Any:
            return make_app(
                Site(
                    composition,
                    application.store,
                    application.now,
                    application.engine,
                    application.announce,
                    application.attempts,
                    self._rates,
                )
            )

        self._application = application
        self.app = application.web(web)
        application.ready()


def _unreadable(folder: PreviewFolder, error: OSError) -> Problems:
    problems = Problems()
    problems.error(
        "file-unreadable",
        Place(folder.source),
        f"the folder cannot be read: {error.strerror or 'it changed meanwhile'}",
        "save once more, or start the preview again",
    )
    return problems
