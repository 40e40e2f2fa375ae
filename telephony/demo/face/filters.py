"""Event filters of one session: action Filter and `eventfilter` of manager.conf."""

import re
from dataclasses import dataclass, field

from telephony.demo.engine.events import Event

_CRITERIA = re.compile(r"(\w+)\(([^)]*)\)")


class FilterError(ValueError):
    """The expression is none; the text goes to the client."""


@dataclass(slots=True)
class Filters:
    """An event passes if no exclusion matches and, where there are inclusions, one of them does."""

    exclude_names: set[str] = field(default_factory=set)
    include_names: set[str] = field(default_factory=set)
    exclude: list[re.Pattern[str]] = field(default_factory=list)
    include: list[re.Pattern[str]] = field(default_factory=list)

    def add_expression(self, expression: str) -> None:
        """The old form: a regular expression over the whole event, `!` in front excludes."""
        excluded = expression.startswith("!")
        try:
            pattern = re.compile(expression.removeprefix("!"))
        except re.error as error:
            raise FilterError("Filter format error") from error
        (self.exclude if excluded else self.include).append(pattern)

    def add_criteria(self, criteria: str) -> None:
        """The new form: `action(exclude),name(VarSet)`."""
        found = dict(_CRITERIA.findall(criteria))
        if not found.get("name") or set(found) - {"action", "name"}:
            raise FilterError("Filter format error")
        (self.include_names if found.get("action") == "include" else self.exclude_names).add(found["name"])

    def passes(self, event: Event) -> bool:
        """Whether the session is told of it."""
        if event.name in self.exclude_names:
            return False
        if not (self.exclude or self.include or self.include_names):
            return True
        text = event.encode().decode() if self.exclude or self.include else ""
        if any(pattern.search(text) for pattern in self.exclude):
            return False
        if not (self.include or self.include_names):
            return True
        return event.name in self.include_names or any(pattern.search(text) for pattern in self.include)
