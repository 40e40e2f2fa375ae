"""What every view of a card gives its templates."""

from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser
from crm.card_links import Link, links_for
from crm.editing import customer_token
from crm.models import AddressType, ContactPerson, Counterparty, PendingTransfer
from telephony import presenters, selectors
from telephony.customers import card_presenters as show
from telephony.customers.card_owner import Card, Owner
from telephony.customers.card_selectors import Keys
from telephony.customers.rules import why_not_add_numbers, why_not_edit_customers
from telephony.rules import UserFacts


def card_context(request: HttpRequest, facts: UserFacts, card: Card) -> dict[str, Any]:
    """Everything but the calls. One query for what waits for the transfer, when another system keeps the customer."""
    user = cast(PanelUser, request.user)
    waits = waiting(card)
    rows = [show.info_of(row, waiting=waits, internal_dials=card.same_pbx) for row in card.rows]
    shown, rest = show.parted(rows)
    return {
        "card": show.head(card),
        "manager": show.manager_of(card, same_pbx=_same_pbx(card.manager, facts)),
        "info": shown,
        "more_info": rest,
        "persons": show.persons_of(card),
        "more_persons": card.more_persons,
        "note": getattr(card.owner, "note", ""),
        "why_not_edit": why_not_edit(user, card),
        "kept": kept_reason(card.owner),
        "archived_seen": "" if isinstance(card.owner, PanelUser) else customer_token(card.owner, ["archived"]),
        "why_not_add": why_not_add_numbers(user),
        "admin_url": _admin_url(user, card),
        "links": _links(card),
    }


def _links(card: Card) -> list[Link]:
    """Into other systems, by the owner's main number. Colleagues have none."""
    if isinstance(card.owner, PanelUser):
        return []
    phones = sorted((row for row in card.rows if row.type == AddressType.PHONE), key=lambda row: not row.is_main)
    e164 = phones[0].e164 if phones else ""
    return links_for(e164=e164, name=card.owner.name, external_ref=card.owner.external_ref)


def why_not_edit(user: PanelUser, card: Card) -> str:
    """Empty: every field that no other system keeps may be edited."""
    if card.kind == "user":
        return _("Colleagues are edited in the administration.")
    return why_not_edit_customers(user)


def kept_reason(owner: Owner) -> str:
    """Why name, manager and archive are read-only here; empty: they are not."""
    if isinstance(owner, PanelUser) or owner.source is None:
        return ""
    return _("Kept by %(source)s: change it there, the next reading brings it here.") % {"source": owner.source}


def waiting(card: Card) -> frozenset[int]:
    """Rows that «ждут переноса»."""
    if isinstance(card.owner, PanelUser) or card.owner.source_id is None:
        return frozenset()
    rows = PendingTransfer.objects.filter(state=PendingTransfer.State.WAITING, contact_info__in=card.rows)
    return frozenset(pk for pk in rows.values_list("contact_info_id", flat=True) if pk is not None)


def keys_of_card(card: Card) -> Keys:
    """Numbers of the owner by which calls are found; of a company those of its persons too."""
    if card.kind == "user":
        return Keys(internal=card.numbers if card.same_pbx else ())
    return Keys(outside=tuple(dict.fromkeys(row.last10 for row in card.phones)))


def as_page(request: HttpRequest, facts: UserFacts) -> dict[str, Any]:
    """For the page of its own: who looks, and the colleagues whose states it shows."""
    user = cast(PanelUser, request.user)
    numbers = sorted(facts.numbers, key=lambda number: (len(number), number))
    people = selectors.colleagues(pbx_id=facts.pbx_id) if facts.pbx_id is not None else []
    mine = next((list(one.numbers) for one in people if one.id == user.pk), numbers)
    page = {
        "user": {"id": user.pk, "name": str(user), "numbers": mine},
        "people": [presenters.person_json(person) for person in people],
        "live": facts.pbx_id is not None,
        "urls": {"people": reverse("people")},
    }
    return {"page": page}


def _same_pbx(user: PanelUser | None, facts: UserFacts) -> bool:
    return user is not None and (user.pbx_id is None or user.pbx_id == facts.pbx_id)


def _admin_url(user: PanelUser, card: Card) -> str:
    names = {"counterparty": "crm.%s_counterparty", "person": "crm.%s_contactperson", "user": "accounts.%s_paneluser"}
    rights = [names[card.kind] % act for act in ("view", "change")]
    if not user.is_staff or not any(user.has_perm(right) for right in rights):
        return ""
    model = {"counterparty": Counterparty, "person": ContactPerson, "user": PanelUser}[card.kind]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[card.owner.pk])
