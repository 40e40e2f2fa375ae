"""People of the test office: who logs in, and colleagues to fill the list. Invented names only."""

from astpanel.accounts.models import Department, PanelUser, Status
from astpanel.accounts.services import create_user
from crm.models import ContactInfo
from crm.services import internal_kind
from telephony.models import Pbx
from tests.e2e.people import DEPARTMENTS, FIRST, LAST, PASSWORD

def seed(people: int) -> int:
    """An operator (101), a supervisor (102), a user without a number, one not in use, an admin; → the PBX's id.

    `people` colleagues more from 200 on.
    """
    pbx = Pbx.objects.create(name="test", host="127.0.0.1", username="test")
    groups = [Department.objects.create(name=name, order=i) for i, name in enumerate(DEPARTMENTS)]
    common = {"password": PASSWORD, "pbx": pbx, "department": groups[0]}
    create_user(username="operator", last_name="Петрова", first_name="Ольга", number="101", **common)
    create_user(
        username="supervisor", last_name="Сидоров", first_name="Павел", number="102", supervisor=True, **common
    )
    create_user(username="nonumber", last_name="Юрьев", first_name="Юрий", **common)
    create_user(username="notinuse", last_name="Яковлев", first_name="Яков", in_use=False, **common)
    create_user(username="admin", last_name="Админов", first_name="Аким", admin=True, **common)
    PanelUser.objects.filter(username="operator").update(status=Status.ON_SITE)
    _colleagues(people, pbx, groups)
    return pbx.pk


def _colleagues(people: int, pbx: Pbx, groups: list[Department]) -> None:
    statuses = [Status.ON_SITE, Status.ON_SITE, Status.ON_MOBILE, Status.ON_SITE, Status.DND]
    users = PanelUser.objects.bulk_create(
        PanelUser(
            username=f"user{200 + i}",
            password="!",
            last_name=LAST[i % len(LAST)],
            first_name=FIRST[(i * 7) % len(FIRST)],
            pbx=pbx,
            department=groups[i % len(groups)],
            in_use=True,
            status=statuses[i % len(statuses)],
        )
        for i in range(people)
    )
    kind = internal_kind()
    ContactInfo.objects.bulk_create(
        ContactInfo(kind=kind, user=user, value=str(200 + i), is_main=True) for i, user in enumerate(users)
    )
