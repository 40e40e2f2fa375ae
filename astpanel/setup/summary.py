"""What is set up, for the last page: a line per step in words."""

from dataclasses import dataclass

from astpanel.accounts.models import PanelUser
from astpanel.setup import selectors
from astpanel.setup.models import Step
from astpanel.setup.steps import PAGES
from astpanel.setup.steps.base import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One step and what it came to."""

    step: Step
    text: Text
    by: str = ""


def summary(user: PanelUser) -> list[Line]:
    """In the order of the steps."""
    records = selectors.progress().records
    lines = []
    for step, page in PAGES.items():
        record = records.get(step)
        by = str(record.changed_by) if record and record.changed_by else ""
        lines.append(Line(step, page.told(user), by))
    return lines
