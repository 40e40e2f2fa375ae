"""The whole directory as the first reading of a base of families.py leaves it, and the readings of every family."""

from typing import Final

import pytest

from tests.crm.sources import family_rows as rows
from tests.crm.sources.families import CUSTOMERS, FAMILIES, OLD_PERSONS, PARTNER_PERSONS, PARTNERS, PERSONS, owner_of
from tests.crm.sources.importing import SIZE, Directory
from tests.crm.sources.onec_base import ref

OLD, NEW = ("ut103", "ka11", "upp"), ("ut11", "ka2", "erp2", "rarus_crm")
JUNK = {  # customer → why its phone is refused
    10: "extension_alone",
    11: "digits",
    12: "part",
    15: "too_short",
    16: "too_long",
    17: "too_short",
    18: "digits",
}
Numbers = list[tuple[str, str, str, bool]]

FAMILIES_ON_DATABASES: Final = pytest.mark.parametrize(  # all on SQLite, one of each way to keep numbers on PostgreSQL
    ("private_database", "code"),
    [
        *(("sqlite", code) for code in FAMILIES),
        *(pytest.param("postgresql", code, marks=pytest.mark.postgresql) for code in ("ut103", "ut11", "unf")),
    ],
    indirect=["private_database"],
)


def of_family(code: str) -> tuple[str, str]:
    """Catalogues of customers and of contact persons."""
    if code in OLD:
        return CUSTOMERS, OLD_PERSONS
    return (PARTNERS, PARTNER_PERSONS) if code in NEW else (CUSTOMERS, PERSONS)


def numbers_of(number: int, code: str) -> Numbers:
    """Of customer number so and so, sorted."""
    found: Numbers = [("E-mail", f"c{number}@shop.test", f"c{number}@shop.test", False)]
    if number == 13:
        found.append(("Телефон", "8(495)1112233,,5", "+74951112233", True))
    elif number == 14:
        found.append(("Телефон", "8 495 111-22-33", "+74951112233", True))
        found.append(("Телефон", "8 916 111-22-33", "+79161112233", False))
    elif rows.junk(number) is None:
        national = rows.digits(rows.CITY, number)
        found.append(("Телефон", rows.presentation(national), f"+7{national}", True))
        if code not in OLD and rows.differs(number):
            other = rows.digits(rows.CITY, number + 5_000_000)
            readable = f"+7 {other[:3]} {other[3:6]}-{other[6:8]}-{other[8:]}"
            found.append(("Телефон", readable, f"+7{other}", False))
    return sorted(found)


def expected(code: str, managers: dict[int, int], size: int = SIZE) -> Directory:
    """The whole directory after the first reading."""
    customers, persons = of_family(code)
    folders = code not in NEW
    found: Directory = {}
    for number in range(1 if folders else 0, size):
        if rows.is_deleted(number):
            continue
        who = rows.manager(number)
        named = code != "bp30" and who is not None
        if code == "unf":
            named = who is not None
        found[ref(customers, number)] = {
            "name": rows.company(number),
            "kind": "company" if rows.is_company(number) else "person",
            "manager": managers[who] if named and who is not None else None,
            "archived": False,
            "note": "",
            "numbers": numbers_of(number, code),
        }
    for number in range(size // 2):
        owner = owner_of(number, size)
        if rows.is_deleted(owner):
            continue
        national = rows.digits(rows.MOBILE, number)
        kind = "Мобильный телефон" if code in OLD else "Телефон контактного лица"
        position = {"ut103": "закупщик", "ka11": "закупщик", "upp": "закупщик"}.get(code, "")
        found[ref(persons, number)] = {
            "name": rows.person(number),
            "position": "менеджер по закупкам" if code in NEW else position,
            "of": ref(customers, owner),
            "archived": False,
            "numbers": [(kind, rows.presentation(national), f"+7{national}", True)],
        }
    return found
