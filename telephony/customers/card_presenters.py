"""A card → what its templates show."""

from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from astpanel.accounts.models import PanelUser
from astpanel.lib.phone_numbers import readable
from crm.matching import Match, Reason
from crm.models import AddressType, ContactInfo, ContactPerson, Counterparty
from telephony.core.commands import dialable
from telephony.customers.card_owner import Card, Owner
from telephony.customers.card_selectors import Counts, Page
from telephony.presenters import recent_row

MOST_ROWS: Final = 10  # of contact information, before somebody asks for the others
REASONS: Final[dict[Reason, Promise]] = {
    Reason.INTERNAL: gettext_lazy("internal number"),
    Reason.EXACT: gettext_lazy("this very number"),
    Reason.LAST10: gettext_lazy("the last 10 digits are the same"),
    Reason.LINE: gettext_lazy("the company's line: an extension behind it"),
}


@dataclass(frozen=True, slots=True)
class Info:
    """One row of contact information. `dial`: what the button calls, empty without one; `mail`: an e-mail address."""

    pk: int
    kind: str
    text: str
    extension: str
    main: bool
    dial: str
    mail: str
    is_phone: bool
    waits: bool  # «ждёт переноса»


def parted(rows: list[Info]) -> tuple[list[Info], list[Info]]:
    """(at once, on request): whoever has thirty numbers has a note and calls too. The main ones are always shown."""
    if len(rows) <= MOST_ROWS:
        return rows, []
    return (
        [row for place, row in enumerate(rows) if place < MOST_ROWS or row.main],
        [row for place, row in enumerate(rows) if place >= MOST_ROWS and not row.main],
    )


def info_of(row: ContactInfo, *, waiting: frozenset[int] = frozenset(), internal_dials: bool = True) -> Info:
    """`internal_dials`: the internal numbers are of the reader's own PBX."""
    phone = row.type == AddressType.PHONE
    internal = row.type == AddressType.INTERNAL and internal_dials
    number = row.e164 if phone or internal else ""
    return Info(
        pk=row.pk,
        kind=str(row.kind),
        text=(readable(row.e164) or row.value) if phone else row.value,
        extension=row.extension if phone else "",
        main=row.is_main,
        dial=number if dialable(number) else "",
        mail=row.value if row.type == AddressType.EMAIL else "",
        is_phone=phone,
        waits=row.pk in waiting,
    )


def head(card: Card) -> dict[str, Any]:
    """Name, sort, company, marks."""
    owner = card.owner
    user = owner if isinstance(owner, PanelUser) else None
    source = owner.source if isinstance(owner, (Counterparty, ContactPerson)) else None
    position = owner.position if isinstance(owner, ContactPerson) else ""
    department = user.department.name if user and user.department else ""
    return {
        "kind": card.kind,
        "id": owner.pk,
        "url": address(card.kind, owner.pk),
        "name": str(owner),
        "sort": sort_of(owner),
        "icon": icon_of(owner),
        "below": position or department,
        "company": card.company,
        "archived": bool(getattr(owner, "archived", False)),
        "company_archived": bool(card.company and card.company.archived),
        "switched_off": user is not None and not user.is_active,
        "source": str(source) if source is not None else "",
        "status": (user.status, user.get_status_display()) if user else None,
        "other_pbx": not card.same_pbx,
    }


def sort_of(owner: Owner) -> str:
    """In a word or two."""
    if isinstance(owner, PanelUser):
        return _("colleague")
    return _("contact person") if isinstance(owner, ContactPerson) else owner.get_kind_display()


def icon_of(owner: Owner) -> str:
    """Of the sprite."""
    if isinstance(owner, PanelUser):
        return "handset"
    return "company" if isinstance(owner, Counterparty) and owner.kind == Counterparty.Kind.COMPANY else "person"


def manager_of(card: Card, *, same_pbx: bool) -> dict[str, Any] | None:
    """The responsible manager. `same_pbx`: can be called from the reader's PBX."""
    if card.manager is None:
        return None
    first = card.manager_numbers[0] if card.manager_numbers and same_pbx else ""
    return {
        "id": card.manager.pk,
        "name": str(card.manager),
        "number": first,
        "dial": first if dialable(first) else "",
        "gone": not card.manager.is_active,
    }


def persons_of(card: Card) -> list[dict[str, Any]]:
    """Contact persons of a company."""
    return [person_of(one.person, one.rows) for one in card.persons]


def person_of(person: ContactPerson, rows: tuple[ContactInfo, ...]) -> dict[str, Any]:
    """One of them with what they are reached by."""
    return {
        "id": person.pk,
        "name": person.name,
        "position": person.position,
        "archived": person.archived,
        "source": person.source_id is not None,
        "rows": [info_of(row) for row in rows],
    }


def owners(found: tuple[Match, ...], chosen: tuple[str, int], query: str) -> list[dict[str, Any]]:
    """The chooser on top of a card: everybody who has the number, and why. Empty when it is one alone."""
    if len(found) < 2:
        return []
    return [
        {
            "name": match.contact.name,
            "company": match.contact.company,
            "reason": REASONS[match.reason],
            "archived": match.archived,
            "chosen": (match.contact.kind, match.contact.id) == chosen,
            "url": f"{reverse('card-by-number')}?{query}&owner={match.contact.kind}/{match.contact.id}",
        }
        for match in found
    ]


def calls(page: Page, more: str) -> dict[str, Any]:
    """The list of calls. `more`: address of the next page without its place."""
    joint = "&" if "?" in more else "?"
    return {
        "rows": [{**recent_row(call), "ask": call.number} for call in page.calls],
        "more": f"{more}{joint}before={page.before}" if page.before else "",
    }


def week(found: Counts) -> str:
    """«5 звонков за 7 дней, 2 пропущено» of all numbers. Empty for none."""
    if not found.calls:
        return ""
    text = ngettext("%(count)d call in 7 days", "%(count)d calls in 7 days", found.calls) % {"count": found.calls}
    missed = ngettext("%(count)d missed", "%(count)d missed", found.missed) % {"count": found.missed}
    return f"{text}, {missed}" if found.missed else text


def address(kind: str, pk: int) -> str:
    """Of the whole page: can be sent to a colleague."""
    return reverse("card", args=[kind, pk])
