"""Choosing the responsible manager: colleagues as somebody types."""

from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers, with_internal_numbers
from crm.models import AddressType
from telephony.customers.access import for_panel_users
from telephony.rules import UserFacts

MOST: Final = 20  # shown at once


@require_GET
@for_panel_users
def managers(request: HttpRequest, facts: UserFacts) -> HttpResponse:
    """Colleagues to choose a manager among, as somebody types."""
    text = request.GET.get("q", "")[:100].replace("\0", "").strip()
    current = request.GET.get("manager_id", "") if not text else ""
    return render(request, "customers/card_managers.html", {"choices": choices(text, current), "text": text})


def choices(text: str, current: str) -> list[dict[str, Any]]:
    """The first one is chosen already when something was typed: Enter takes it."""
    users = PanelUser.objects.filter(is_active=True)
    for word in text.split():
        names = Q(last_name__icontains=word) | Q(first_name__icontains=word) | Q(patronymic__icontains=word)
        number = Q(contact_info__type=AddressType.INTERNAL, contact_info__value__startswith=word)
        users = users.filter(names | Q(username__icontains=word) | number)
    users = users.select_related("department").order_by("last_name", "first_name", "username", "pk").distinct()
    found = [
        {
            "id": user.pk,
            "name": str(user),
            "about": ", ".join([*internal_numbers(user), *([user.department.name] if user.department else [])]),
            "chosen": str(user.pk) == current,
        }
        for user in with_internal_numbers(users)[:MOST]
    ]
    if text and found:
        found[0]["chosen"] = True
    return found
