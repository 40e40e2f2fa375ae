"""The directory of the office under test, as its tests steer and read it over the control port."""

import json
from typing import Any

from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty, NumberPlacement
from tests.e2e.conftest import Office

Rows = list[tuple[str, str, bool]]


def customer(name: str, rows: Rows, person: str = "", note: str = "") -> int:
    """A counterparty with contact information (kind, value, main), and a contact person without any. → its id."""
    company = Counterparty.objects.create(name=name, note=note)
    for order, (kind, value, main) in enumerate(rows):
        ContactInfo.objects.create(kind=_kind(kind, order), counterparty=company, value=value, is_main=main)
    if person:
        ContactPerson.objects.create(counterparty=company, name=person)
    return company.pk


def contact_info(name: str) -> list[tuple[str, str, bool]]:
    """(kind, value, main) of everybody of this name, in the order written."""
    rows = ContactInfo.objects.filter(counterparty__name=name) | ContactInfo.objects.filter(person__name=name)
    return list(rows.order_by("id").values_list("kind__name", "value", "is_main"))


def overwrite(name: str, before: str, after: str) -> None:
    """Somebody else changes a row of the counterparty."""
    row = ContactInfo.objects.get(counterparty__name=name, value=before)
    row.value = after
    row.save()


def forget(name: str) -> None:
    """Tests share the office: what one has made is gone for the next."""
    NumberPlacement.objects.all().delete()
    Counterparty.objects.filter(name=name).delete()


def _kind(name: str, order: int) -> ContactInfoKind:
    types = {"Почта": "email"}
    kind, _made = ContactInfoKind.objects.get_or_create(
        owner="counterparty",
        name=name,
        defaults={"type": types.get(name, "phone"), "is_mobile": name == "Мобильный", "order": order},
    )
    return kind


def ask(office: Office, what: str, **order: Any) -> Any:
    """One of the above, done in the portal's process."""
    office.lines.write(json.dumps({"do": what, **order}) + "\n")
    office.lines.flush()
    return json.loads(office.lines.readline())["found"]
