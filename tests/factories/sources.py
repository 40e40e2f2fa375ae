"""Customers kept in 1C."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from crm.models import CustomerSource, PendingTransfer, RefusedRow, SourceImport, SourceRow, SourceUser
from tests.factories.accounts import PanelUserFactory


class CustomerSourceFactory(DjangoModelFactory[CustomerSource]):
    class Meta:
        model = CustomerSource


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
