"""Users from what the PBX knows: numbers that are nobody's yet become rows of an import."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from astpanel.accounts.importing.parse import Row, Table
from astpanel.accounts.models import PanelUser
from crm.models import AddressType, ContactInfo
from telephony.check.people import Known
from telephony.models import Pbx


def nobodys(known: Iterable[Known], *, pbx: Pbx) -> list[Known]:
    """Those whose number no user of this PBX (or without a PBX) has."""
    rows = ContactInfo.objects.filter(Q(user__pbx=None) | Q(user__pbx=pbx), type=AddressType.INTERNAL)
    taken = set(rows.filter(user__isnull=False).values_list("value", flat=True))
    return [number for number in known if number.number not in taken]


def table_of(known: Sequence[Known], *, pbx: Pbx, department: str, in_use: bool, first_name_first: bool) -> Table:
    """A row of an import for each. The log-in is the number, unless somebody is called so already."""
    taken = set(PanelUser.objects.values_list("username", flat=True))
    rows = []
    for line, entry in enumerate(known, start=1):
        username = free_username(entry.number, taken)
        taken.add(username)
        cells = {"username": username, "number": entry.number, "pbx": pbx.name, "in_use": "1" if in_use else "0"}
        cells |= split_name(entry.name, first_name_first=first_name_first)
        if department:
            cells["department"] = department
        rows.append(Row(line, cells))
    return Table(tuple(rows))


def free_username(number: str, taken: Collection[str]) -> str:
    """`101`, else `101-2`, `101-3` …"""
    username, suffix = number, 2
    while username in taken:
        username, suffix = f"{number}-{suffix}", suffix + 1
    return username


def split_name(name: str, *, first_name_first: bool) -> dict[str, str]:
    """`Иванов Пётр Сергеевич`, or `Пётр Иванов` with the first name first. One word is a last name."""
    words = name.split()
    if first_name_first and len(words) > 1:
        words = [words[-1], *words[:-1]]
    keys = ("last_name", "first_name", "patronymic")
    parts = [*words[:2], " ".join(words[2:])]
    return {key: part[:150] for key, part in zip(keys, parts, strict=False) if part}
