"""Users, their departments, profiles, licences."""

from typing import Any

import factory
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
from tests import licences
from tests.factories.contacts import ContactInfoFactory, InternalKindFactory, MobileKindFactory
from tests.factories.invented import FIRST_NAMES, LAST_NAMES, NOON, PASSWORD, PATRONYMICS, hashed


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    name = factory.Sequence("Отдел {}".format)
    order = factory.Sequence(int)


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
