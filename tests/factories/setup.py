"""The start-up assistant."""

import factory
from factory.django import DjangoModelFactory

from astpanel.setup.models import AgreementAcceptance, SetupToken, Step, StepRecord
from tests.factories.accounts import PanelUserFactory


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
