"""What the admin's page says of the source of customers."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from crm.models import CustomerSource
from crm.sources.registry import BUILTIN
from crm.sources.signature import Identification, Verdict
from crm.sources.words import advice, headline, name_of

LEVELS: Final = {Verdict.RECOGNISED: "ok", Verdict.NO_ACCESS: "error"}  # of the others: a warning


@dataclass(frozen=True, slots=True)
class Told:
    """In words of the active language. `level`: ok, warn, error or info; `adopt`: recognised, but another is set."""

    configuration: str
    how: str
    level: str
    headline: str
    advice: str = ""
    adopt: str = ""
    evidence: tuple[tuple[str, str], ...] = ()  # what it was judged by: label, value


def told(source: CustomerSource, found: Identification | None) -> Told:
    """`found`: what the last identification said, None when there was none."""
    name = name_of(source.configuration)
    if found is None:
        here = source.configuration == BUILTIN and not source.url
        text = _("Customers are kept here: nothing to identify.") if here else _("Nothing was identified yet.")
        return Told(name, _how(source), "info", text)
    other = name_of(found.configuration) if found.configuration not in {"", source.configuration} else ""
    differs = _("Another one is set. Which of the two is right?") if other else ""
    return Told(
        configuration=name,
        how=_how(source),
        level="warn" if other else LEVELS.get(found.verdict, "warn"),
        headline=headline(found),
        advice=differs or advice(found),
        adopt=other,
        evidence=tuple(_evidence(found)),
    )


def _how(source: CustomerSource) -> str:
    if source.configuration == BUILTIN:
        return ""
    return _("chosen by hand") if source.chosen_by_hand else _("as recognised")


def _evidence(found: Identification) -> list[tuple[str, str]]:
    lines = []
    if found.objects:
        lines.append((_("published objects"), str(found.objects)))
    if found.candidates and found.verdict is not Verdict.RECOGNISED:
        lines.append((_("likely"), ", ".join(map(name_of, found.candidates))))
    if found.host:
        lines.append((_("within"), name_of(found.host)))
    return lines
