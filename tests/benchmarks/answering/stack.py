"""What every stack gives the benchmark: a browser at its step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from answering.client import Answer, Client
from answering.form import Names, PageForm, own_names
from answering.page import Marks


def _nothing() -> None:
    pass


@dataclass
class Stack:
    """One application with its browser.

    :param path: of the step
    :param marks: how its page is read
    :param token: the hidden field that another site cannot know; empty: it has none
    :param names: the field of each input of its form
    :param counter: the hidden field that tells how often the step was saved before; empty:
        the same form can be sent again
    :param close: gives back what it holds
    """

    client: Client
    path: str
    marks: Marks
    token: str = "csrf_token"
    names: Names = own_names
    counter: str = ""
    close: Callable[[], None] = _nothing

    def get(self, times: int = 1) -> Answer:
        """The step."""
        return self.client.get(self.path, times)

    def form(self) -> PageForm:
        """The form of the step as it is now."""
        return PageForm.of(self.get().body, self.names)

    def post(self, form: PageForm, answers: Mapping[str, str]) -> Answer:
        """Send ``answers`` in the form."""
        return self.client.post(self.path, [_body(form.filled(answers))])

    def posts(self, answers: Mapping[str, str], times: int, *, kept: bool) -> Callable[[], Answer]:
        """Send ``answers`` so many times: made ready here, sent when it is called.

        :param kept: they are right, so that each is kept, and the next form tells so
        """
        form = self.form()
        bodies = [
            _body(form.filled(answers, **self._counted(form, i, kept=kept))) for i in range(times)
        ]
        return lambda: self.client.post(self.path, bodies)

    def forge(self, form: PageForm, answers: Mapping[str, str]) -> Answer:
        """As a page of another site would send it."""
        return self.client.post(self.path, [_body(form.filled(answers, **{self.token: "x" * 43}))])

    def _counted(self, form: PageForm, before: int, *, kept: bool) -> dict[str, str]:
        if not (kept and self.counter):
            return {}
        return {self.counter: str(int(form.hidden(self.counter)) + before)}


def _body(form: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(form).encode()
