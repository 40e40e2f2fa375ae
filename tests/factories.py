"""Factories of every model. All people, companies and numbers are invented."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from factory.django import DjangoModelFactory

from astpanel.accounts.models import (
    Department,
    Favourite,
    Installation,
    License,
    PanelUser,
    Profile,
    ProfileAssignment,
    ProfileAssignmentItem,
    Status,
    UserImport,
)
from astpanel.api.models import ApiClient, Scope
from astpanel.jobs.models import Job
from astpanel.setup.models import AgreementAcceptance, SetupToken, Step, StepRecord
from crm.models import (
    AddressType,
    CardLink,
    ContactInfo,
    ContactInfoKind,
    ContactPerson,
    Counterparty,
    CustomerSource,
    DirectoryChange,
    DirectoryExport,
    DirectoryImport,
    ImportFault,
    MergeRecord,
    NumberingPlan,
    NumberPlacement,
    PendingTransfer,
    RefusedRow,
    RewriteRule,
    SourceImport,
    SourceRow,
    SourceUser,
)
from telephony.models import (
    ActionLog,
    CallLeg,
    CallParticipant,
    CallRecord,
    GatewayLease,
    Pbx,
    PbxCheck,
    PhoneContact,
    PopupClaim,
)
from tests import licences

PASSWORD = "Пароль-для-проверок-1"
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, noon in Moscow
LAST_NAMES = ("Иванов", "Петров", "Сидоров", "Орлов", "Кузнецов", "Смирнов", "Волков", "Зайцев", "Лебедев", "Соколов")
FIRST_NAMES = ("Пётр", "Иван", "Сергей", "Алексей", "Николай", "Дмитрий", "Андрей")
PATRONYMICS = ("Петрович", "Иванович", "Сергеевич", "Алексеевич", "Николаевич")
COMPANIES = ("Ромашка", "Луч", "Север", "Вектор", "Заря", "Берёза", "Маяк", "Родник", "Гранит")


@lru_cache
def hashed(password: str) -> str:
    """The hash of a password, once a process: it is slow on purpose."""
    return make_password(password)


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    name = factory.Sequence("Отдел {}".format)
    order = factory.Sequence(int)


class PbxFactory(DjangoModelFactory[Pbx]):
    class Meta:
        model = Pbx

    name = factory.Sequence("АТС {}".format)
    host = "127.0.0.1"
    username = "astpanel"
    secret = factory.Sequence("ami-secret-{}".format)


class PanelUserFactory(DjangoModelFactory[PanelUser]):
    """`PanelUserFactory(number="101")` gives an internal number, `mobile="+7916…"` a mobile one.

    Traits: `supervisor` (the right), `staff` (the admin without rights), `admin` (superuser).
    """

    class Meta:
        model = PanelUser
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(is_staff=True)
        admin = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence("user{}".format)
    last_name = factory.Iterator(LAST_NAMES)
    first_name = factory.Iterator(FIRST_NAMES)
    patronymic = factory.Iterator(PATRONYMICS)
    password = factory.Transformer(PASSWORD, transform=hashed)
    in_use = True
    status = Status.ON_SITE

    @factory.post_generation
    def number(self: PanelUser, create: bool, value: str | None, **_: Any) -> None:
        if create and value:
            ContactInfoFactory(user=self, kind=InternalKindFactory(), value=value, is_main=True)

    @factory.post_generation
    def mobile(self: PanelUser, create: bool, value: str | None, **_: Any) -> None:
        if create and value:
            ContactInfoFactory(user=self, kind=MobileKindFactory(), value=value)

    @factory.post_generation
    def supervisor(self: PanelUser, create: bool, value: bool | None, **_: Any) -> None:
        if create and value:
            right = Permission.objects.get(codename="supervise", content_type__app_label="accounts")
            self.user_permissions.add(right)


class FavouriteFactory(DjangoModelFactory[Favourite]):
    class Meta:
        model = Favourite

    user = factory.SubFactory(PanelUserFactory)
    number = factory.Sequence("{}".format)


class ProfileFactory(DjangoModelFactory[Profile]):
    class Meta:
        model = Profile

    name = factory.Sequence("Профиль {}".format)


class ProfileAssignmentFactory(DjangoModelFactory[ProfileAssignment]):
    class Meta:
        model = ProfileAssignment

    profile = factory.SubFactory(ProfileFactory)
    profile_name = factory.SelfAttribute("profile.name")
    asked_by = factory.SubFactory(PanelUserFactory)


class ProfileAssignmentItemFactory(DjangoModelFactory[ProfileAssignmentItem]):
    class Meta:
        model = ProfileAssignmentItem

    assignment = factory.SubFactory(ProfileAssignmentFactory)
    user = factory.SubFactory(PanelUserFactory)
    user_name = factory.LazyAttribute(lambda row: str(row.user))
    outcome = "changed"


class UserImportFactory(DjangoModelFactory[UserImport]):
    class Meta:
        model = UserImport

    asked_by = factory.SubFactory(PanelUserFactory)
    source = "сотрудники.csv"


class InstallationFactory(DjangoModelFactory[Installation]):
    """The only row; one that is there already stays as it is."""

    class Meta:
        model = Installation
        django_get_or_create = ("pk",)

    pk = 1


class JobFactory(DjangoModelFactory[Job]):
    class Meta:
        model = Job

    kind = "assign_profile"
    title = "Назначение профиля"
    function = "builtins.print"
    asked_by = factory.SubFactory(PanelUserFactory)


class StepRecordFactory(DjangoModelFactory[StepRecord]):
    class Meta:
        model = StepRecord

    step = factory.Iterator(Step.values)


class SetupTokenFactory(DjangoModelFactory[SetupToken]):
    class Meta:
        model = SetupToken

    digest = factory.Sequence("{:064x}".format)


class AgreementAcceptanceFactory(DjangoModelFactory[AgreementAcceptance]):
    class Meta:
        model = AgreementAcceptance

    version = "1"
    sha256 = "0" * 64
    user = factory.SubFactory(PanelUserFactory)
    user_name = factory.LazyAttribute(lambda row: str(row.user))


class LicenseFactory(DjangoModelFactory[License]):
    """A valid key, signed. A trial: `LicenseFactory(kind="trial", expires=…)`. Moments are whole seconds."""

    class Meta:
        model = License

    key_id = factory.Sequence("KEY-{:04d}".format)
    kind = License.Kind.PERMANENT
    holder = "ООО «Ромашка»"
    seats = 10
    issued = NOON
    document = factory.LazyAttribute(licences.document_of)


class ContactInfoKindFactory(DjangoModelFactory[ContactInfoKind]):
    class Meta:
        model = ContactInfoKind
        django_get_or_create = ("owner", "name")

    name = "Телефон"
    owner = ContactInfoKind.Owner.COUNTERPARTY
    type = AddressType.PHONE


class InternalKindFactory(ContactInfoKindFactory):
    name = "Внутренний"
    owner = ContactInfoKind.Owner.USER
    type = AddressType.INTERNAL


class MobileKindFactory(ContactInfoKindFactory):
    name = "Мобильный"
    owner = ContactInfoKind.Owner.USER
    is_mobile = True


class CounterpartyFactory(DjangoModelFactory[Counterparty]):
    """`CounterpartyFactory(phone="8 495 …")` gives a number."""

    class Meta:
        model = Counterparty
        skip_postgeneration_save = True

    name = factory.Iterator([f"ООО «{name}»" for name in COMPANIES])

    @factory.post_generation
    def phone(self: Counterparty, create: bool, value: str | None, **_: Any) -> None:
        if create and value:
            ContactInfoFactory(counterparty=self, kind=ContactInfoKindFactory(), value=value)


class ContactPersonFactory(DjangoModelFactory[ContactPerson]):
    """`ContactPersonFactory(phone="8 495 …")` gives a number."""

    class Meta:
        model = ContactPerson
        skip_postgeneration_save = True

    counterparty = factory.SubFactory(CounterpartyFactory)
    name = factory.Iterator([f"{last} {first}" for last in LAST_NAMES for first in FIRST_NAMES])

    @factory.post_generation
    def phone(self: ContactPerson, create: bool, value: str | None, **_: Any) -> None:
        if create and value:
            ContactInfoFactory(person=self, kind=ContactInfoKindFactory(owner="person"), value=value)


class ContactInfoFactory(DjangoModelFactory[ContactInfo]):
    """A phone of a counterparty, unless `user=` or `person=` and a `kind=` for it are given."""

    class Meta:
        model = ContactInfo

    class Params:
        owned = factory.LazyAttribute(lambda row: row.user is not None or row.person is not None)

    kind = factory.SubFactory(ContactInfoKindFactory)
    user = None
    person = None
    counterparty = factory.Maybe("owned", yes_declaration=None, no_declaration=factory.SubFactory(CounterpartyFactory))
    value = factory.Sequence("+7495{:07d}".format)


class GatewayLeaseFactory(DjangoModelFactory[GatewayLease]):
    class Meta:
        model = GatewayLease

    pbx = factory.SubFactory(PbxFactory)
    holder = "gateway-1"
    expires = factory.LazyFunction(lambda: datetime.now(UTC) + timedelta(seconds=30))


class CallRecordFactory(DjangoModelFactory[CallRecord]):
    """An answered inbound call of a minute. `CallRecordFactory(participants=("+7495…", "101"))`: the caller first."""

    class Meta:
        model = CallRecord
        skip_postgeneration_save = True

    pbx = factory.SubFactory(PbxFactory)
    linkedid = factory.Sequence("1772442000.{}".format)
    direction = CallRecord.Direction.INBOUND
    disposition = CallRecord.Disposition.ANSWERED
    hangup_reason = "caller"
    caller_number = "+74951112233"
    caller_name = "ООО «Ромашка»"
    called_number = "101"
    started = factory.Sequence(lambda n: NOON + timedelta(minutes=n))
    answered = factory.LazyAttribute(lambda call: call.started + timedelta(seconds=5))
    ended = factory.LazyAttribute(lambda call: call.started + timedelta(seconds=65))
    wait_seconds = 5.0
    talk_seconds = 60.0
    outside_e164 = "+74951112233"
    outside_last10 = "4951112233"

    @factory.post_generation
    def participants(self: CallRecord, create: bool, numbers: tuple[str, ...] | None, **_: Any) -> None:
        if not create:
            return
        for position, number in enumerate((self.caller_number, self.called_number) if numbers is None else numbers):
            CallParticipantFactory(call=self, position=position, number=number)


class CallParticipantFactory(DjangoModelFactory[CallParticipant]):
    """Number, role and times follow from the call and the position."""

    class Meta:
        model = CallParticipant

    call = factory.SubFactory(CallRecordFactory, participants=())
    position = 0
    number = "101"
    is_extension = factory.LazyAttribute(lambda row: len(row.number) < 7)
    role = factory.LazyAttribute(lambda row: "callee" if row.position else "caller")
    rang = factory.LazyAttribute(lambda row: row.position > 0)
    joined = factory.SelfAttribute("call.answered")
    left = factory.SelfAttribute("call.ended")
    talk_seconds = factory.SelfAttribute("call.talk_seconds")
    started = factory.SelfAttribute("call.started")


class CallLegFactory(DjangoModelFactory[CallLeg]):
    class Meta:
        model = CallLeg

    call = factory.SubFactory(CallRecordFactory)
    uniqueid = factory.Sequence("1772442000.{}".format)
    channel = factory.Sequence("PJSIP/101-{:08x}".format)
    number = "101"
    started = factory.SelfAttribute("call.started")
    answered = factory.SelfAttribute("call.answered")
    ended = factory.SelfAttribute("call.ended")
    cause = 16


class ActionLogFactory(DjangoModelFactory[ActionLog]):
    class Meta:
        model = ActionLog

    command_id = factory.LazyFunction(uuid4)
    pbx = factory.SubFactory(PbxFactory)
    user = factory.SubFactory(PanelUserFactory)
    name = "originate"
    args = factory.LazyFunction(lambda: {"extension": "101", "number": "102"})
    outcome = "done"


class PbxCheckFactory(DjangoModelFactory[PbxCheck]):
    class Meta:
        model = PbxCheck

    pbx = factory.SubFactory(PbxFactory)


class PhoneContactFactory(DjangoModelFactory[PhoneContact]):
    class Meta:
        model = PhoneContact

    pbx = factory.SubFactory(PbxFactory)
    number = "101"
    uri = factory.Sequence("sip:101@192.0.2.{}:5060".format)
    user_agent = "Yealink SIP-T46U 108.86.0.20"
    seen = NOON


class CustomerSourceFactory(DjangoModelFactory[CustomerSource]):
    class Meta:
        model = CustomerSource


class NumberingPlanFactory(DjangoModelFactory[NumberingPlan]):
    class Meta:
        model = NumberingPlan

    area_code = "495"


class RewriteRuleFactory(DjangoModelFactory[RewriteRule]):
    class Meta:
        model = RewriteRule

    plan = factory.SubFactory(NumberingPlanFactory)
    name = "Город"
    pattern = "XXXXXXX"
    prepend = "8495"


class CardLinkFactory(DjangoModelFactory[CardLink]):
    class Meta:
        model = CardLink

    name = "CRM"
    template = "https://crm.example/find/{e164}"


class DirectoryChangeFactory(DjangoModelFactory[DirectoryChange]):
    class Meta:
        model = DirectoryChange


class DirectoryImportFactory(DjangoModelFactory[DirectoryImport]):
    class Meta:
        model = DirectoryImport

    asked_by = factory.SubFactory(PanelUserFactory)
    name = "клиенты.csv"


class ImportFaultFactory(DjangoModelFactory[ImportFault]):
    class Meta:
        model = ImportFault

    directory_import = factory.SubFactory(DirectoryImportFactory)
    line = factory.Sequence(lambda number: number + 2)
    name = "Тюльпан"
    texts = ("Телефон не прочитан.",)


class DirectoryExportFactory(DjangoModelFactory[DirectoryExport]):
    class Meta:
        model = DirectoryExport

    asked_by = factory.SubFactory(PanelUserFactory)


class NumberPlacementFactory(DjangoModelFactory[NumberPlacement]):
    class Meta:
        model = NumberPlacement

    number = "+74951112233"
    counterparty = factory.SubFactory(CounterpartyFactory)
    owner_name = factory.LazyAttribute(lambda row: str(row.counterparty))
    by = factory.SubFactory(PanelUserFactory)


class MergeRecordFactory(DjangoModelFactory[MergeRecord]):
    class Meta:
        model = MergeRecord

    survivor = factory.SubFactory(CounterpartyFactory)
    survivor_name = factory.LazyAttribute(lambda row: str(row.survivor))
    by = factory.SubFactory(PanelUserFactory)


class SourceImportFactory(DjangoModelFactory[SourceImport]):
    class Meta:
        model = SourceImport

    source = factory.SubFactory(CustomerSourceFactory)


class RefusedRowFactory(DjangoModelFactory[RefusedRow]):
    class Meta:
        model = RefusedRow

    run = factory.SubFactory(SourceImportFactory)
    entity = "Catalog_Контрагенты"
    external_ref = factory.LazyFunction(lambda: str(uuid4()))
    name = "ООО «Ромашка»"
    value = "доб. 12"
    reason = "no_digits"


class SourceRowFactory(DjangoModelFactory[SourceRow]):
    class Meta:
        model = SourceRow

    source = factory.SubFactory(CustomerSourceFactory)
    role = "customer"
    entity = "Catalog_Контрагенты"
    external_ref = factory.LazyFunction(lambda: str(uuid4()))
    data = factory.LazyFunction(lambda: {"name": "ООО «Ромашка»"})


class SourceUserFactory(DjangoModelFactory[SourceUser]):
    class Meta:
        model = SourceUser

    source = factory.SubFactory(CustomerSourceFactory)
    external_ref = factory.LazyFunction(lambda: str(uuid4()))
    name = "Иванов Пётр Петрович"


class PendingTransferFactory(DjangoModelFactory[PendingTransfer]):
    class Meta:
        model = PendingTransfer

    source = factory.SubFactory(CustomerSourceFactory)
    owner_name = "ООО «Ромашка»"
    by = factory.SubFactory(PanelUserFactory)
    external_ref = factory.LazyFunction(lambda: str(uuid4()))
    value = "+7 495 111-22-33"


class PopupClaimFactory(DjangoModelFactory[PopupClaim]):
    class Meta:
        model = PopupClaim

    user = factory.SubFactory(PanelUserFactory)
    pbx = factory.SubFactory(PbxFactory)
    linkedid = factory.Sequence("1772442000.{}".format)
    device = "device-1"
    expires = factory.LazyFunction(lambda: datetime.now(UTC) + timedelta(seconds=5))


class ApiClientFactory(DjangoModelFactory[ApiClient]):
    """A row without a usable token; `astpanel.api.services` makes one with it."""

    class Meta:
        model = ApiClient

    name = factory.Sequence("Система {}".format)
    prefix = factory.Sequence("ap_{:08d}".format)
    digest = factory.Sequence("{:064x}".format)
    scopes = factory.LazyFunction(lambda: [Scope.CALLER.value])
