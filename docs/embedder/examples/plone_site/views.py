"""Two browser views, registered in configure.zcml."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse

from selvbetjening_core.embedding import Fragment, ask, mount, read_step

fault = Fragment(read_step(Path(__file__).parents[1] / "affald", "fault"))


@cache
def mounted():
    """Put together when the first citizen comes; one for the process."""
    return mount(os.environ["SELVBETJENING"], worker=True)


@implementer(IPublishTraverse)
class Selvbetjening(BrowserView):
    """Everything below .../selvbetjening is answered by selvbetjening."""

    def __init__(self, context, request):
        super().__init__(context, request)
        self._path = ""

    def publishTraverse(self, request, name):
        self._path += f"/{name}"
        return self

    def __call__(self):
        # Plone's address of this view: it knows the virtual host in front of it.
        here = urlsplit(f"{self.context.absolute_url()}/{self.__name__}")
        environ = {
            **self.request.environ,
            "HTTP_HOST": here.netloc,
            "wsgi.url_scheme": here.scheme,
        }
        body = self.request.get("BODY", b"")
        answer = ask(mounted(), environ, unquote(here.path), self._path or "/", body)
        response = self.request.response
        response.setStatus(answer.status)
        for name, value in answer.headers:
            if name.lower() != "content-length":
                response.addHeader(name, value)
        return answer.body


class Fault(BrowserView):
    """One step of ours in a page of Plone's, with Plone's own CSRF token."""

    index = ViewPageTemplateFile("fault.pt")
    fields = ""

    def __call__(self):
        state = fault.read(self.request.form) if self.request.method == "POST" else None
        if state is not None and not state.errors:
            return f"Tak! {state.values['problem']}"
        self.fields = fault.html(state)
        return self.index()
