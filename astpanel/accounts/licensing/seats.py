"""Seats: who may be flagged «Использовать». Those who hold a seat keep it; nobody new gets one that is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from astpanel.accounts.licensing import words
from astpanel.accounts.licensing.selectors import THE_ONE, holder_names, installation, protection
from astpanel.accounts.models import Installation, PanelUser

NAMED: Final = 3  # holders that a message names


@dataclass(frozen=True, slots=True)
class SeatVerdict:
    """May so many more be flagged; if not, `text` says why and names who holds the seats."""

    allowed: bool
    free: int
    total: int
    text: str = ""

    @property
    def html(self) -> SafeString:
        """The text with a way to those who hold the seats, or to the licences: for the admin."""
        holders = f"{reverse('admin:accounts_paneluser_changelist')}?in_use__exact=1&is_active__exact=1"
        url = holders if self.total else reverse("admin:accounts_license_changelist")
        label = _("Who holds the seats") if self.total else _("Licences")
        return format_html('{} <a href="{}">{}</a>', self.text, url, label)


def may_use_more(*, count: int, now: datetime | None = None) -> SeatVerdict:
    """May `count` more users be flagged? For showing; who then writes asks `claim`, which nobody can overtake."""
    now = now or timezone.now()
    state = protection(now=now)
    free, total = state.seats_free, state.seats_total
    if count <= free:
        return SeatVerdict(True, free, total)
    names = holder_names(NAMED)
    text = words.no_seats(
        wanted=count, free=free, total=total, holders=names, others=max(0, state.seats_used - len(names))
    )
    return SeatVerdict(False, free, total, text)


def claim(*, count: int, now: datetime | None = None) -> None:
    """Seats for `count` more users, to be taken in the transaction that is under way: others wait until it ends.

    Raises ValidationError (code `no_seats`), its message marked as HTML with a link, when there are not so many.
    """
    if count <= 0:
        return
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("seats are claimed inside of a transaction")
    installation()
    Installation.objects.select_for_update().get(pk=THE_ONE)
    verdict = may_use_more(count=count, now=now)
    if not verdict.allowed:
        raise ValidationError(verdict.html, code="no_seats")


def claim_for(users: Iterable[PanelUser], *, now: datetime | None = None) -> None:
    """Seats for those of these users, all to be in use, who do not hold one in the database yet."""
    wanted = {user.pk for user in users if user.is_active}
    held = PanelUser.objects.filter(pk__in=wanted, in_use=True, is_active=True).count()
    claim(count=len(wanted) - held, now=now)


def claim_for_one(*, user: PanelUser, now: datetime | None = None) -> None:
    """Before saving a user, new or changed: a seat if the user is to take one and does not hold it. As `claim`."""
    if not (user.in_use and user.is_active):
        return
    held = user.pk is not None and PanelUser.objects.filter(pk=user.pk, in_use=True, is_active=True).exists()
    claim(count=0 if held else 1, now=now)
