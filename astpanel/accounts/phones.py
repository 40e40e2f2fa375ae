"""Which phones the users have registered, as the gateways wrote it down (telephony.PhoneContact)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers
from crm.models import AddressType, ContactInfo
from telephony.models import PhoneContact


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone of a user."""

    number: str
    user_agent: str  # hostile text: the phone wrote it
    status: str  # Asterisk's word: Reachable, Unreachable, NonQualified …
    seen: datetime


@dataclass(frozen=True, slots=True)
class Phones:
    """`told` is when the user's PBX last told of any phone; None: never, so nothing is known."""

    registered: tuple[Phone, ...] = ()
    told: datetime | None = None


def phones_of(users: Iterable[PanelUser]) -> dict[int, Phones]:
    """Each user's registered phones by the user's id. Two queries, whatever the number of users.

    The users carry their numbers (`selectors.with_internal_numbers`). A user without a PBX is looked for on all.
    """
    people = list(users)
    told = dict(PhoneContact.objects.order_by().values_list("pbx_id").annotate(Max("seen")))
    wanted = {number for user in people for number in internal_numbers(user)}
    found: dict[str, list[tuple[int, Phone]]] = defaultdict(list)
    for row in PhoneContact.objects.filter(registered=True, number__in=wanted):
        found[row.number].append((row.pbx_id, Phone(row.number, row.user_agent, row.status, row.seen)))
    return {user.pk: _phones(user, found, told) for user in people}


def _phones(user: PanelUser, found: dict[str, list[tuple[int, Phone]]], told: dict[int, datetime]) -> Phones:
    rows = [row for number in internal_numbers(user) for row in found[number]]
    mine = tuple(phone for pbx, phone in rows if user.pbx_id in {None, pbx})
    known = max(told.values(), default=None) if user.pbx_id is None else told.get(user.pbx_id)
    return Phones(mine, known)


def with_phone_registered(users: QuerySet[Any]) -> QuerySet[Any]:
    """The same users, each with `phone_registered`: True when a phone of one of their numbers is."""
    contact = PhoneContact.objects.filter(registered=True, number=OuterRef("value"))
    here = Q(user__pbx=None) & Exists(contact) | Q(Exists(contact.filter(pbx=OuterRef("user__pbx"))))
    numbers = ContactInfo.objects.filter(here, type=AddressType.INTERNAL, user=OuterRef("pk"))
    rows: QuerySet[Any] = users.annotate(phone_registered=Exists(numbers))
    return rows
