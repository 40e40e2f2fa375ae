"""What is read of checks and phones."""

from dataclasses import dataclass, replace

from django.db.models import OuterRef, Q, Subquery

from crm.models import AddressType, ContactInfo
from telephony.check.changes import Difference, difference
from telephony.check.finding import Finding
from telephony.models import Pbx, PbxCheck

HISTORY = 20  # checks that the page lists


@dataclass(frozen=True, slots=True)
class Told:
    """A finished check, its findings, and what is different from the one before."""

    check: PbxCheck
    findings: tuple[Finding, ...]
    since: Difference | None  # None: it is the first


def internal_numbers_of(pbx: Pbx) -> list[str]:
    """The internal numbers in use: of active users in use who belong to this PBX, or to none. One query."""
    rows = ContactInfo.objects.filter(type=AddressType.INTERNAL, user__is_active=True, user__in_use=True)
    rows = rows.filter(Q(user__pbx=pbx.pk) | Q(user__pbx=None))
    return list(rows.order_by("value").values_list("value", flat=True).distinct())


def findings_of(check: PbxCheck) -> tuple[Finding, ...]:
    """As they were found."""
    return tuple(Finding.from_json(value) for value in check.findings)


def history(*, pbx: Pbx, limit: int = HISTORY) -> list[PbxCheck]:
    """The newest first, without their findings. One query."""
    return list(pbx.checks.select_related("asked_by").defer("findings").order_by("-started", "-pk")[:limit])


def told(check: PbxCheck) -> Told:
    """With what changed since the finished check before it. Two queries.

    A PBX that let nobody in told nothing: a check that got in is compared with the last one that did as well.
    """
    earlier = PbxCheck.objects.filter(pbx=check.pbx_id, finished__isnull=False, started__lt=check.started)
    before = earlier.order_by("-started", "-pk").first()
    found = findings_of(check)
    if before is None:
        return Told(check, found, None)
    old = findings_of(before)
    if check.connected and not before.connected:
        inside = earlier.filter(connected=True).order_by("-started", "-pk").first()
        old += findings_of(inside) if inside else ()
    since = difference(old, found)
    return Told(check, found, since if check.connected else replace(since, gone=()))


def newest() -> list[PbxCheck]:
    """The last finished check of each enabled PBX that was ever checked. One query, however many PBXs."""
    last = PbxCheck.objects.filter(pbx=OuterRef("pk"), finished__isnull=False).order_by("-started", "-pk").values("pk")
    ids = Pbx.objects.filter(enabled=True).annotate(last=Subquery(last[:1])).values("last")
    return list(PbxCheck.objects.filter(pk__in=ids).select_related("pbx").defer("pbx__secret").order_by("pbx__name"))
