"""What the plugins say about whether they can work."""

from __future__ import annotations

from collections.abc import Iterator

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.set_hooks import SetHooks
from selvbetjening_core.masking import masked
from selvbetjening_core.values import Health

HOOK = "selvbetjening_health"


def plugin_health(plan: Plan) -> tuple[Health, ...]:
    """Ask every plugin of every set. One that fails is not well, and stops no other."""
    found = (one for plugin_set in plan.plugin_sets.values() for one in _of(plugin_set.hooks))
    return tuple(dict.fromkeys(found))


def _of(hooks: SetHooks) -> Iterator[Health]:
    for plugin, answers in hooks.tell_all(HOOK):
        if answers is None:
            yield Health(plugin, is_ok=False, text="it failed when it was asked")
            continue
        for answer in answers:
            yield from _checked(plugin, answer)


def _checked(plugin: str, answer: object) -> Iterator[Health]:
    """What came from a plugin, which may be anything."""
    for one in answer if isinstance(answer, list | tuple) else (answer,):
        if isinstance(one, Health):
            yield Health(f"{plugin}: {one.name}", one.is_ok, one.text)
        else:
            kind = masked(type(one).__name__)
            yield Health(plugin, is_ok=False, text=f"it answered with {kind}, not with Health")
