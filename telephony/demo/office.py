"""The demo office in the database: its PBX and people (customers: directory.py). Made again and again; locked up."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from astpanel.accounts.licensing.services import install_demo_key
from astpanel.accounts.models import Department, PanelUser, Profile, Status
from astpanel.accounts.services import set_internal_number, set_supervisor
from crm.models import ContactInfo, ContactInfoKind
from telephony.demo.accounts import DEMO_ACCOUNTS
from telephony.demo.directory import phone_kind, stock
from telephony.demo.people import DEPARTMENTS, EMPLOYEES, SALES_QUEUE, Employee
from telephony.models import Pbx

PBX_NAME: Final = "Демонстрационная АТС"
MOBILE: Final = "Мобильный"


@dataclass(frozen=True, slots=True)
class DemoLink:
    """Where the demo PBX listens, and its log-in."""

    host: str
    port: int
    username: str
    secret: str


@transaction.atomic
def furnish(*, link: DemoLink) -> Pbx:
    """Make or mend the whole office. What users have changed of their own stays, except the published passwords."""
    pbx = _pbx(link)
    departments = {
        name: Department.objects.get_or_create(name=name, defaults={"order": order})[0]
        for order, name in enumerate(DEPARTMENTS)
    }
    mobile = phone_kind(MOBILE, ContactInfoKind.Owner.USER, is_mobile=True)
    sellers = []
    for who in EMPLOYEES:
        user = _employee(who, pbx, departments[who.department], mobile)
        if who.sells:
            sellers.append(user)
    stock(sellers)
    _profiles(sellers)
    install_demo_key()
    return pbx


@transaction.atomic
def lock_up() -> bool:
    """No demo any more: its PBX is not connected to, its published passwords open nothing.

    True if anything was open.
    """
    changed = Pbx.objects.filter(kind=Pbx.Kind.DEMO, enabled=True).update(enabled=False)
    for account in DEMO_ACCOUNTS:
        user = PanelUser.objects.filter(username=account.username).first()
        if user is not None and user.check_password(account.password):
            user.set_unusable_password()
            user.save(update_fields=["password"])
            changed += 1
    return bool(changed)


def _pbx(link: DemoLink) -> Pbx:
    pbx = Pbx.objects.filter(kind=Pbx.Kind.DEMO).first() or Pbx(kind=Pbx.Kind.DEMO, name=PBX_NAME)
    pbx.enabled, pbx.host, pbx.port, pbx.tls = True, link.host, link.port, False
    pbx.username, pbx.secret, pbx.dial_context = link.username, link.secret, "internal"
    pbx.full_clean()
    pbx.save()
    return pbx


def _employee(who: Employee, pbx: Pbx, department: Department, mobile: ContactInfoKind) -> PanelUser:
    username = who.login or f"demo{who.number}"
    user = PanelUser.objects.filter(username=username).first()
    if user is None:
        user = PanelUser(
            username=username,
            last_name=who.last_name,
            first_name=who.first_name,
            patronymic=who.patronymic,
            department=department,
            in_use=True,
            is_staff=who.login == "admin",
            is_superuser=who.login == "admin",
            status=Status.DND if who.state == "dnd" else Status.ON_SITE,
        )
    user.pbx = pbx
    _give_password(user, who)
    user.save()
    set_internal_number(user=user, number=who.number)
    if who.login == "supervisor":
        set_supervisor(user=user, on=True)
    if who.mobile and not user.contact_info.filter(kind=mobile).exists():
        ContactInfo.objects.create(user=user, kind=mobile, value=who.mobile)
    return user


def _profiles(sellers: list[PanelUser]) -> None:
    """Two templates that nobody has been given yet: the administrator tries it."""
    number = {"timeout_seconds": 20, "timeout_number": SALES_QUEUE}
    office, made = Profile.objects.get_or_create(name="Офис", defaults=number)
    if made:
        office.users.set(PanelUser.objects.filter(in_use=True).exclude(pk__in=[user.pk for user in sellers]))
    sales, made = Profile.objects.get_or_create(
        name="Продажи", defaults={**number, "timeout_seconds": 10, "intercept_own_clients": True}
    )
    if made:
        sales.users.set(sellers)


def _give_password(user: PanelUser, who: Employee) -> None:
    published = next((account.password for account in DEMO_ACCOUNTS if account.username == who.login), None)
    if published is None:
        user.set_unusable_password()
    elif not user.password or not user.check_password(published):
        user.set_password(published)
