"""A real Plone site, served by its own WSGI publisher on loopback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from plone.app.testing import PLONE_FIXTURE, FunctionalTesting, PloneSandboxLayer
from plone.testing.zope import WSGI_SERVER_FIXTURE

sys.path.insert(0, str(Path(__file__).parents[1] / "embed"))
sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "embedder" / "examples"))

from embed_fixtures import browser, make_installation, provider  # the path first

__all__ = ["browser", "make_installation", "provider"]


class Site(PloneSandboxLayer):
    """Plone with the example's views."""

    defaultBases = (PLONE_FIXTURE,)  # noqa: N815 - Plone reads it

    def setUpZope(self, app, configuration_context):
        import plone_site  # noqa: PLC0415 - Zope first

        self.loadZCML(package=plone_site)


LAYER = FunctionalTesting(bases=(Site(), WSGI_SERVER_FIXTURE), name="selvbetjening:Plone")


@pytest.fixture(scope="session")
def plone_layer():
    layers = []
    _bases_first(LAYER, layers)
    for layer in layers:
        layer.setUp()
    yield LAYER
    for layer in reversed(layers):
        layer.tearDown()


@pytest.fixture
def plone(plone_layer):
    """The address of the site."""
    plone_layer.testSetUp()
    yield f"http://localhost:{plone_layer['port']}/plone"
    plone_layer.testTearDown()


def _bases_first(layer, found):
    for base in layer.__bases__:
        _bases_first(base, found)
    if layer not in found:
        found.append(layer)
