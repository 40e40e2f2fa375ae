"""What is done with the directory of customers: number rules, links, changes, files, placings, merges."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from crm.models import (
    CardLink,
    DirectoryChange,
    DirectoryExport,
    DirectoryImport,
    ImportFault,
    MergeRecord,
    NotDuplicates,
    NumberingPlan,
    NumberPlacement,
    RewriteRule,
)
from tests.factories.accounts import PanelUserFactory
from tests.factories.contacts import CounterpartyFactory


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


class NotDuplicatesFactory(DjangoModelFactory[NotDuplicates]):
    """`members`: counterparties; two of its own when none are given."""

    class Meta:
        model = NotDuplicates
        skip_postgeneration_save = True

    shared = "+7 495 111-22-33"
    by = factory.SubFactory(PanelUserFactory)

    @factory.post_generation
    def members(self: NotDuplicates, create: bool, extracted: Any) -> None:
        if create:
            self.members.set(extracted or CounterpartyFactory.create_batch(2))
