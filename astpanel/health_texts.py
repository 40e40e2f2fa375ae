"""The health page's words. Pure: facts and a moment in, lines out."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.accounts.licensing.protection import Protection
from telephony.core.enums import LinkState
from telephony.live.reasons import LINK_REASONS

STALE_AFTER: Final = 10.0  # seconds without an answer of the PBX that are worth a warning; a ping comes sooner
QUEUE_LONG: Final = 100  # waiting tasks


class Level(IntEnum):
    """How bad. `level.name.lower()` is the CSS class."""

    OFF = 0
    OK = 1
    WARNING = 2
    ERROR = 3

    @property
    def css(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to know: what, how it is, what to do about it."""

    level: Level
    title: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A PBX and the lease of its gateway. `status` is what the gateway wrote; `expires` None: never had one."""

    name: str
    enabled: bool
    expires: datetime | None
    status: dict[str, Any]
    url: str = ""


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """Clusters of workers that gave a sign of life within 3 s, and the tasks that wait."""

    clusters: int
    workers: int
    waiting: int
    url: str = ""


def link_line(link: LinkFacts, now: datetime) -> Line:
    """The link to one PBX."""
    level, text = _link(link, now)
    return Line(level, link.name, text, link.url)


def _link(link: LinkFacts, now: datetime) -> tuple[Level, str]:
    if not link.enabled:
        return Level.OFF, _("Switched off.")
    if link.expires is None or link.expires <= now:
        return Level.ERROR, _("No gateway runs for this PBX. Start one: manage.py run_gateway")
    found = link.status.get("link")
    about: dict[str, Any] = found if isinstance(found, dict) else {}
    state = str(about.get("state", ""))
    if state == LinkState.UP:
        return _live(about, now)
    texts = {
        LinkState.CONNECTING.value: (Level.WARNING, _("Connecting…")),
        LinkState.RESYNC.value: (Level.WARNING, _("Connected; the state is being read.")),
        LinkState.DOWN.value: (Level.ERROR, _("The link is lost; the gateway keeps trying.")),
        LinkState.DENIED.value: (Level.ERROR, _("The PBX refuses the log-in: check the AMI log-in and password.")),
    }
    level, text = texts.get(state, (Level.WARNING, _("The gateway runs and has not reported yet.")))
    reason = LINK_REASONS.get(str(about.get("reason") or ""))
    parts = (text, reason.what, reason.act) if reason else (text,)
    return level, " ".join(str(part) for part in parts if part)


def _live(about: dict[str, Any], now: datetime) -> tuple[Level, str]:
    age = _age(about.get("data_at"), now)
    if age is None or age > STALE_AFTER:
        return Level.WARNING, _("Connected, but the PBX has been silent for %(age)s s.") % {"age": _seconds(age)}
    text = _("Live, the data is %(age)s s old.") % {"age": _seconds(age)}
    if commands := LINK_REASONS.get(str(about.get("commands") or "")):
        refused = _("Commands are refused: the AMI account for commands is not logged in.")
        return Level.ERROR, " ".join(str(part) for part in (text, refused, commands.what, commands.act) if part)
    if missing := about.get("missing"):
        lacks = _("The AMI account has no right to: %(actions)s.") % {"actions": ", ".join(map(str, missing))}
        return Level.WARNING, f"{text} {lacks}"
    return Level.OK, text


LEVELS: Final = {"ok": Level.OK, "warning": Level.WARNING, "error": Level.ERROR}


def licence_line(protection: Protection, url: str = "") -> Line:
    """Keys and seats."""
    return Line(LEVELS[protection.level], _("Licence"), protection.reason, url)


def worker_line(worker: WorkerFacts) -> Line:
    """The process behind recordings and assignments."""
    title = _("Worker")
    waiting = ngettext("%(count)d task waits.", "%(count)d tasks wait.", worker.waiting) % {"count": worker.waiting}
    if not worker.clusters:
        text = _("No worker runs: recordings and assignments wait. Start one: manage.py qcluster")
        return Line(Level.ERROR, title, f"{text}. {waiting}" if worker.waiting else text, worker.url)
    running = ngettext("%(count)d worker runs.", "%(count)d workers run.", worker.workers) % {"count": worker.workers}
    level = Level.WARNING if worker.waiting > QUEUE_LONG else Level.OK
    return Line(level, title, f"{running} {waiting}" if worker.waiting else running, worker.url)


def _age(data_at: Any, now: datetime) -> float | None:
    return max(0.0, now.timestamp() - data_at) if isinstance(data_at, int | float) else None


def _seconds(age: float | None) -> str:
    return "?" if age is None else number_format(round(age, 1), 1 if age < 10 else 0)
