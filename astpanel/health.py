"""How the portal is: links to the PBXs, licence, worker, findings. Read for the admin's first page and /healthz."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.checks import Tags, run_checks
from django.core.checks.messages import ERROR
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_q.models import Failure, OrmQ
from django_q.status import Stat

from astpanel.accounts.drift import drift_summary
from astpanel.accounts.licensing.selectors import protection
from astpanel.accounts.models import PanelUser
from astpanel.health_texts import Level, Line, LinkFacts, WorkerFacts, licence_line, link_line, worker_line
from crm.models import AddressType, ContactInfo
from telephony.check.health_line import check_line
from telephony.check.selectors import newest
from telephony.models import Pbx

__all__ = ["Health", "Level", "Line", "read_health"]


@dataclass(frozen=True, slots=True)
class Health:
    """What the first page of the admin shows."""

    links: tuple[Line, ...]
    licence: Line
    worker: Line
    findings: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.links, self.licence, self.worker, *self.findings)

    @property
    def level(self) -> Level:
        """The worst of all."""
        return max(line.level for line in self.lines)


def read_health(*, now: datetime) -> Health:
    """Nine queries, whatever the number of PBXs and users, and a look into the workers' cache."""
    links = tuple(link_line(facts, now) for facts in link_facts())
    licence = licence_line(protection(now=now), reverse("admin:accounts_license_changelist"))
    return Health(links, licence, worker_line(_worker_facts()), tuple(_findings(links, now)))


def link_facts() -> list[LinkFacts]:
    """Every PBX with its lease; one query."""
    return [
        LinkFacts(
            name=pbx.name,
            enabled=pbx.enabled,
            expires=pbx.lease.expires if hasattr(pbx, "lease") else None,
            status=pbx.lease.status if hasattr(pbx, "lease") else {},
            url=reverse("admin:telephony_pbx_change", args=[pbx.pk]),
        )
        for pbx in Pbx.objects.select_related("lease").defer("secret").order_by("name")
    ]


def _worker_facts() -> WorkerFacts:
    clusters = Stat.get_all()
    return WorkerFacts(
        clusters=len(clusters),
        workers=sum(len(cluster.workers) for cluster in clusters),
        waiting=OrmQ.objects.count(),
        url=reverse("admin:django_q_ormq_changelist"),
    )


def _findings(links: tuple[Line, ...], now: datetime) -> list[Line]:
    found = [
        Line(Level.ERROR if message.level >= ERROR else Level.WARNING, _("Settings"), _with_hint(message))
        for message in run_checks(tags=[Tags.security, "astpanel"], include_deployment_checks=False)
    ]
    if not links:
        text = _("No PBX is set up yet: add one.")
        found.append(Line(Level.WARNING, _("PBX"), text, reverse("admin:telephony_pbx_add")))
    found += [line for check in newest() if (line := check_line(check, now)) is not None]
    users = reverse("admin:accounts_paneluser_changelist")
    internal = ContactInfo.objects.filter(user=OuterRef("pk"), type=AddressType.INTERNAL)
    silent = PanelUser.objects.filter(~Exists(internal), in_use=True, is_active=True).count()
    if silent:
        text = ngettext(
            "%(count)d user is in use and has no internal number.",
            "%(count)d users are in use and have no internal number.",
            silent,
        )
        found.append(Line(Level.WARNING, _("Users"), text % {"count": silent}, f"{users}?in_use__exact=1"))
    if (drift := drift_summary()).drifted:
        text = ngettext(
            "%(drifted)d user of %(assigned)d has other settings than the assigned profile.",
            "%(drifted)d users of %(assigned)d have other settings than the assigned profile.",
            drift.drifted,
        )
        numbers = {"drifted": drift.drifted, "assigned": drift.assigned}
        found.append(Line(Level.WARNING, _("Profiles"), text % numbers, reverse("admin:accounts_drift")))
    failed = Failure.objects.filter(started__gte=now - timedelta(days=1)).count()
    if failed:
        text = ngettext("%(count)d task failed within a day.", "%(count)d tasks failed within a day.", failed)
        url = reverse("admin:django_q_failure_changelist")
        found.append(Line(Level.WARNING, _("Worker"), text % {"count": failed}, url))
    return found


def _with_hint(message: object) -> str:
    parts = (str(getattr(message, "msg", "")), str(getattr(message, "hint", None) or ""))
    return " ".join(part for part in parts if part)
