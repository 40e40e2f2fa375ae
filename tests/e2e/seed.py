"""People of the test office: who logs in, and colleagues to fill the list. Invented names only."""

from datetime import timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from astpanel.accounts.models import Department, PanelUser, Status
from astpanel.accounts.services import create_user
from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty
from crm.selectors import keys_of
from crm.services import internal_kind
from telephony.check import snippets
from telephony.check.facts import Duty
from telephony.check.finding import Finding, Level
from telephony.models import CallParticipant, CallRecord, Pbx, PbxCheck, PhoneContact
from tests.e2e.customers import seed_customers
from tests.e2e.people import DEPARTMENTS, FIRST, LAST, PASSWORD
from tests.licences import give_key

MISSED: Final = "missed."  # how the linkedids of calls begin that a test adds


def seed(people: int) -> int:
    """An operator (101), a supervisor (102), a user without a number, one not in use, an admin; → the PBX's id.

    `people` colleagues more from 200 on.
    """
    give_key()
    pbx = Pbx.objects.create(name="test", host="127.0.0.1", username="test")
    groups = [Department.objects.create(name=name, order=i) for i, name in enumerate(DEPARTMENTS)]
    create = partial(create_user, password=PASSWORD, pbx=pbx, department=groups[0])
    create(username="operator", last_name="Петрова", first_name="Ольга", number="101")
    create(username="supervisor", last_name="Сидоров", first_name="Павел", number="102", supervisor=True)
    create(username="nonumber", last_name="Юрьев", first_name="Юрий")
    create(username="notinuse", last_name="Яковлев", first_name="Яков", in_use=False)
    create(username="admin", last_name="Админов", first_name="Аким", admin=True)
    PanelUser.objects.filter(username="operator").update(status=Status.ON_SITE)
    _colleagues(people, pbx, groups)
    _customers()
    seed_customers(pbx)
    _phones(pbx)
    _calls(pbx)
    _check(pbx)
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


def _phones(pbx: Pbx) -> None:
    """What the admin's list of users says about phones: two of one number, one of another, one long gone."""
    now = timezone.now()
    rows = (
        ("101", "Yealink SIP-T46U 108.86.0.20", True, 20),
        ("101", "MicroSIP/3.21.3", True, 20),
        ("102", "Grandstream GXP2160 1.0.11.64", True, 25),
        ("200", "snomD785/10.1.169.13", False, 7200),
    )
    PhoneContact.objects.bulk_create(
        PhoneContact(
            pbx=pbx,
            number=number,
            uri=f"sip:{number}@192.0.2.{i}:5060",
            user_agent=agent,
            registered=registered,
            seen=now - timedelta(seconds=seconds),
        )
        for i, (number, agent, registered, seconds) in enumerate(rows)
    )


def _check(pbx: Pbx) -> None:
    """A PBX check with lines to add."""
    lines = snippets.account("asterisk", Duty.ALL, "astpanel", address="192.0.2.10", version="22.10.1")
    params = {"account": "astpanel", "duty": "all", "reason": "denied"}
    found = [Finding("login_failed", Level.ERROR, params, (lines,)).as_json()]
    PbxCheck.objects.create(pbx=pbx, level="error", findings=found, finished=timezone.now())


def _calls(pbx: Pbx) -> None:
    """What the operator (101) has in the list of recent calls: answered, missed, outbound, from a colleague."""
    now = timezone.now()
    rows = (
        ("inbound", "answered", "+79161234567", "90", 12, 187.0),
        ("inbound", "missed", "+74957654321", "90", 44, 0.0),
        ("outbound", "no_answer", "101", "+78123334455", 71, 0.0),
        ("internal", "answered", "204", "101", 96, 42.0),
        ("outbound", "answered", "101", "+74951112233", 150, 3733.0),
    )
    for i, (direction, disposition, caller, called, minutes, talk) in enumerate(rows):
        started = now - timedelta(minutes=minutes)
        call = CallRecord.objects.create(
            pbx=pbx,
            linkedid=f"seed.{i}",
            direction=direction,
            disposition=disposition,
            caller_number=caller,
            called_number=called,
            started=started,
            talk_seconds=talk,
            **_outside(caller, called),
        )
        for position, number in enumerate(dict.fromkeys([caller, "101", "203" if i == 0 else "101"])):
            CallParticipant.objects.create(
                call=call,
                position=position,
                number=number,
                is_extension=not number.startswith("+"),
                role="caller" if position == 0 else "callee",
                rang=True,
                started=started,
            )


def _outside(*numbers: str) -> dict[str, str]:
    """The keys of the one that is no extension, as the gateway writes them."""
    e164, last10 = next((keys_of(number) for number in numbers if number.startswith("+")), ("", ""))
    return {"outside_e164": e164, "outside_last10": last10}


def missed_call(pbx_id: int, caller: str, number: str) -> None:
    """The record of an outside call to the extension that has just ended."""
    now = timezone.now()
    call = CallRecord.objects.create(
        pbx_id=pbx_id,
        linkedid=f"{MISSED}{caller}",
        direction="inbound",
        disposition="missed",
        caller_number=caller,
        called_number=number,
        started=now,
        **_outside(caller, number),
    )
    CallParticipant.objects.create(
        call=call, position=0, number=number, is_extension=True, role="callee", rang=True, started=now
    )


def forget_missed_calls() -> None:
    """The history is as `seed` left it."""
    CallRecord.objects.filter(linkedid__startswith=MISSED).delete()


def _customers() -> None:
    """A person of a company whose manager is the supervisor, and a company with two of its people."""
    manager = PanelUser.objects.get(username="supervisor")
    note = "Звонить после 11:00, просит счёт на каждую поставку.\nСкидка 5 %."
    romashka = Counterparty.objects.create(name="ООО «Ромашка»", manager=manager, note=note)
    ray = Counterparty.objects.create(name="ООО «Луч»")
    work = ContactInfoKind.objects.create(name="Рабочий", owner=ContactInfoKind.Owner.PERSON)
    for company, name, number in (
        (romashka, "Пётр Лугов", "+7 916 123-45-67"),
        (ray, "Вера Лесная", "+7 916 111-22-33"),
    ):
        person = ContactPerson.objects.create(counterparty=company, name=name)
        ContactInfo.objects.create(kind=work, person=person, value=number, is_main=True)
