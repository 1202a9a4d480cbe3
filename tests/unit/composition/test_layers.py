"""core ◄ plugin set ◄ municipality, with zope's look-up."""

from __future__ import annotations

import pytest
from zope.interface import Interface, implementer

from selvbetjening_core.composition.layers import Layer


class IThing(Interface): ...


class ISpecialThing(IThing): ...


@implementer(IThing)
class Thing: ...


@implementer(ISpecialThing)
class SpecialThing: ...


@pytest.fixture
def layers():
    core = Layer("core")
    plugin_set = Layer("standard", (core,))
    return core, plugin_set, Layer("0773", (plugin_set,))


def test_a_layer_hides_what_is_below(layers):
    core, plugin_set, municipality = layers
    things = [Thing(), Thing(), Thing()]
    for layer, thing in zip(layers, things, strict=True):
        layer.registerUtility(thing, IThing)
    assert [layer.getUtility(IThing) for layer in (core, plugin_set, municipality)] == things


def test_what_a_layer_lacks_is_taken_from_below(layers):
    core, _, municipality = layers
    thing = Thing()
    core.registerUtility(thing, IThing, name="a")
    assert municipality.getUtility(IThing, name="a") is thing
    assert municipality.queryUtility(IThing, name="b") is None


def test_layer_beats_specificity(layers):
    """A general thing in an upper layer hides a more special one below."""
    core, _, municipality = layers
    special, general = SpecialThing(), Thing()
    core.registerUtility(special, ISpecialThing)
    assert municipality.getUtility(IThing) is special
    municipality.registerUtility(general, IThing)
    assert municipality.getUtility(IThing) is general
    assert municipality.getUtility(ISpecialThing) is special


def test_named_alternatives_live_side_by_side(layers):
    municipality = layers[-1]
    one, two = Thing(), Thing()
    municipality.registerUtility(one, IThing, name="one")
    municipality.registerUtility(two, IThing, name="two")
    assert dict(municipality.getUtilitiesFor(IThing)) == {"one": one, "two": two}


def test_two_stacks_on_one_core_do_not_see_each_other():
    core = Layer("core")
    first, second = Layer("0773", (core,)), Layer("0751", (core,))
    first.registerUtility(Thing(), IThing)
    assert second.queryUtility(IThing) is None
    assert core.queryUtility(IThing) is None


CHANGES = {
    "registerUtility": (Thing(), IThing),
    "unregisterUtility": (None, IThing),
    "registerAdapter": (Thing, (IThing,), ISpecialThing),
    "unregisterAdapter": (Thing, (IThing,), ISpecialThing),
    "registerSubscriptionAdapter": (Thing, (IThing,), ISpecialThing),
    "unregisterSubscriptionAdapter": (Thing, (IThing,), ISpecialThing),
    "registerHandler": (Thing, (IThing,)),
    "unregisterHandler": (Thing, (IThing,)),
}


def test_every_way_to_change_a_registry_is_tried_here():
    ways = {name for name in dir(Layer) if name.startswith(("register", "unregister"))}
    readers = {name for name in ways if name.startswith("registered")}
    assert ways - readers == set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_a_frozen_layer_cannot_be_changed(name):
    layer = Layer("0773")
    getattr(layer, name)(*CHANGES[name])
    layer.freeze()
    with pytest.raises(TypeError, match="the layer 0773 is frozen"):
        getattr(layer, name)(*CHANGES[name])


def test_freezing_one_layer_leaves_the_next_one_open():
    core = Layer("core")
    core.freeze()
    Layer("0773", (core,)).registerUtility(Thing(), IThing)
