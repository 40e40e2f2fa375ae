"""Customers, their people, numbers of everybody."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from crm.models import AddressType, ContactInfo, ContactInfoKind, ContactPerson, Counterparty
from tests.factories.invented import COMPANIES, FIRST_NAMES, LAST_NAMES


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
