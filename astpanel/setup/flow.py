"""The order of the steps and which of them may be opened. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from astpanel.setup.models import Step

ORDER: Final = tuple(Step)


class Standing(StrEnum):
    """How a step is shown in the list."""

    DONE = "done"
    FAILED = "failed"  # tried, and it did not work: `reason` says why
    OPEN = "open"  # to be done now
    CLOSED = "closed"  # another step comes first


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one step. A failed attempt to change a step that is done leaves it done, with a reason."""

    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """One line of the list."""

    step: Step
    number: int  # from 0, so that the numbers are those of the manual
    standing: Standing
    reason: str = ""
    waits_for: Step | None = None  # the gate: the first step before it that is not done; None: may be opened

    @property
    def may_open(self) -> bool:
        """The gate is open."""
        return self.waits_for is None


def route(marks: Mapping[Step, Mark]) -> tuple[Stop, ...]:
    """All steps in order. No mark: nobody has been there yet."""
    return tuple(_stop(number, step, marks) for number, step in enumerate(ORDER))


def gate(marks: Mapping[Step, Mark], step: Step) -> Step | None:
    """Why the step cannot be opened: the first one before it that is not done."""
    return next((earlier for earlier in ORDER[: ORDER.index(step)] if not _done(marks, earlier)), None)


def resume(marks: Mapping[Step, Mark]) -> Step | None:
    """Where to go on: the first step that is not done; None when all are."""
    return next((step for step in ORDER if not _done(marks, step)), None)


def before(step: Step) -> Step | None:
    """The page behind «Back». The first administrator is no page to go back to."""
    place = ORDER.index(step)
    return ORDER[place - 1] if place > 1 else None


def after(step: Step) -> Step | None:
    """The step that follows; None behind the last one."""
    place = ORDER.index(step) + 1
    return ORDER[place] if place < len(ORDER) else None


def _done(marks: Mapping[Step, Mark], step: Step) -> bool:
    return step in marks and marks[step].done


def _stop(number: int, step: Step, marks: Mapping[Step, Mark]) -> Stop:
    mark, waits_for = marks.get(step, Mark(done=False)), gate(marks, step)
    if mark.done:
        standing = Standing.DONE
    elif waits_for is not None:
        standing = Standing.CLOSED
    else:
        standing = Standing.FAILED if mark.reason else Standing.OPEN
    return Stop(step, number, standing, mark.reason, waits_for)
