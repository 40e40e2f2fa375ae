"""One query for everybody who has one of many numbers: the hottest read of the product, so it is plain SQL.

The index on `last10` is all it needs: equal E.164 numbers have equal last ten digits. Counterparties and persons that
were merged away never show.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import connection

from crm.matching import COUNTERPARTY, PERSON, USER, Candidate, Owner
from crm.models import AddressType

AT_ONCE: Final = 500  # numbers in one query; SQLite takes at most 999 parameters
SHOWN_OF_USERS: Final = ("username", "first_name", "last_name", "patronymic")  # what str(user) reads

SQL: Final = """
SELECT info.id, info.e164, info.last10, info.extension, info.type, info.is_main,
       company.id, company.name, company.archived, company.manager_id,
       person.id, person.name, person.archived,
       users.pbx_id, users.is_active, {shown_of_users}
FROM crm_contactinfo AS info
LEFT JOIN crm_contactperson AS person ON person.id = info.person_id
LEFT JOIN crm_counterparty AS company ON company.id = COALESCE(info.counterparty_id, person.counterparty_id)
LEFT JOIN {users} AS users ON users.id = info.user_id
WHERE info.last10 IN ({places}) AND person.merged_into_id IS NULL AND company.merged_into_id IS NULL
"""


def candidates(last10: Collection[str], *, pbx_id: int | None) -> Iterator[Candidate]:
    """Rows with one of these last ten digits, without the internal numbers of other PBXs than `pbx_id` (None: all)."""
    keys = iter({key for key in last10 if key})  # addresses and e-mails have an empty key
    while chunk := list(islice(keys, AT_ONCE)):
        for row in _rows(chunk):
            candidate = _candidate(row, pbx_id)
            if candidate is not None:
                yield candidate


def _rows(keys: Sequence[str]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(len(keys)), keys)
        return list(cursor)


@cache
def _sql(count: int) -> str:
    """For so many numbers."""
    shown = ", ".join(f"users.{name}" for name in _columns_of_users())
    users = connection.ops.quote_name(get_user_model()._meta.db_table)
    return SQL.format(shown_of_users=shown, users=users, places=", ".join(["%s"] * count))


@cache
def _columns_of_users() -> tuple[str, ...]:
    """In the order in which `Model.from_db` wants them."""
    fields = get_user_model()._meta.concrete_fields
    return tuple(field.attname for field in fields if field.attname in {"id", *SHOWN_OF_USERS})


def _candidate(row: Any, pbx_id: int | None) -> Candidate | None:
    info, e164, last10, extension, kind, is_main, company_id, company_name, company_archived, manager = row[:10]
    person_id, person_name, person_archived, users_pbx, is_active, *of_user = row[10:]
    internal = kind == AddressType.INTERNAL
    company = None
    if person_id is not None:
        company = Owner(COUNTERPARTY, company_id, company_name)
        owner, archived = Owner(PERSON, person_id, person_name, company_name), person_archived or company_archived
    elif company_id is not None:
        owner, archived = Owner(COUNTERPARTY, company_id, company_name), company_archived
    else:
        if internal and None not in (pbx_id, users_pbx) and users_pbx != pbx_id:
            return None  # the 101 of another PBX
        user = get_user_model().from_db(connection.alias, _columns_of_users(), of_user)
        owner, archived = Owner(USER, user.pk, str(user)), not is_active
    return Candidate(
        owner=owner,
        row=info,
        e164=e164,
        last10=last10,
        extension=extension,
        internal=internal,
        is_main=bool(is_main),
        archived=bool(archived),
        manager=manager,
        company=company,
        company_archived=bool(company_archived),
    )
