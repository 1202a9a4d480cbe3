"""Bounds that must hold, goals beside them, and what was missed."""

from __future__ import annotations


class Bounds:
    """The figures of a run, and the bounds that were missed, in words."""

    def __init__(self) -> None:
        self.figures: dict[str, object] = {}
        self.missed: list[str] = []

    def at_least(self, name: str, value: float, must: float, goal: float, told: str = "") -> None:
        """A figure that is better when it is greater."""
        self._keep(name, told or f"{value:.2f}", f"must {must:g}, goal {goal:g}")
        if value < must:
            self.missed.append(f"{name}: {value:.3g}, at least {must:g}")

    def at_most(
        self, name: str, value: float, must: float, goal: float | None = None, unit: str = ""
    ) -> None:
        """A figure that is better when it is smaller."""
        aim = f"must {must:g}" if goal is None else f"must {must:g}, goal {goal:g}"
        self._keep(name, f"{value:.3g}{unit}", aim)
        if value > must:
            self.missed.append(f"{name}: {value:.3g}{unit}, at most {must:g}{unit}")

    def told(self, name: str, value: object) -> None:
        """A figure without a bound."""
        self.figures[name] = value

    def miss(self, told: str) -> None:
        """Something is wrong that has no figure."""
        self.missed.append(told)

    def _keep(self, name: str, value: str, aim: str) -> None:
        self.figures[name] = f"{value} ({aim})"
