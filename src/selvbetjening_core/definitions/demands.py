"""What an action takes of a login: how sure it is of who logged in, and how long ago.

A solution says what it takes to use it, and may ask for more where more is at stake: to
see and answer a step, and to send (NSIS 2.0, 3.1: the level follows from what could go
wrong). Whatever shows the answers of a step takes what the step takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from selvbetjening_core.definitions.model import Solution, Step
from selvbetjening_core.values import AssuranceLevel


@dataclass(frozen=True, slots=True)
class Demand:
    """What an action takes.

    :param level: the least level; None: nobody logs in
    :param minutes: how long ago one may have logged in; 0: as long as the login lasts
    """

    level: AssuranceLevel | None
    minutes: int = 0


def demand_of_step(solution: Solution, step: Step) -> Demand:
    """To see and answer a step."""
    return Demand(_highest(solution.level, step.level))


def demand_of_answers(solution: Solution) -> Demand:
    """To see all answers at once."""
    return Demand(_highest(solution.level, *(step.level for step in solution.steps)))


def demand_of_sending(solution: Solution) -> Demand:
    """To accept, pay and send."""
    least = demand_of_answers(solution).level
    return Demand(_highest(least, solution.send_level), solution.login_minutes)


def _highest(level: AssuranceLevel | None, *others: AssuranceLevel | None) -> AssuranceLevel | None:
    """Without login nothing is demanded of anybody."""
    if level is None:
        return None
    return max(level, *(one for one in others if one is not None), level)
