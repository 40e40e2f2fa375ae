"""PBXs and what is kept about each."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from telephony.models import ActionLog, GatewayLease, Pbx, PbxCheck, PhoneContact, PopupClaim
from tests.factories.accounts import PanelUserFactory
from tests.factories.invented import NOON


class PbxFactory(DjangoModelFactory[Pbx]):
    class Meta:
        model = Pbx

    name = factory.Sequence("АТС {}".format)
    host = "127.0.0.1"
    username = "astpanel"
    secret = factory.Sequence("ami-secret-{}".format)


class GatewayLeaseFactory(DjangoModelFactory[GatewayLease]):
    class Meta:
        model = GatewayLease

    pbx = factory.SubFactory(PbxFactory)
    holder = "gateway-1"
    expires = factory.LazyFunction(lambda: datetime.now(UTC) + timedelta(seconds=30))


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


class PopupClaimFactory(DjangoModelFactory[PopupClaim]):
    class Meta:
        model = PopupClaim

    user = factory.SubFactory(PanelUserFactory)
    pbx = factory.SubFactory(PbxFactory)
    linkedid = factory.Sequence("1772442000.{}".format)
    device = "device-1"
    expires = factory.LazyFunction(lambda: datetime.now(UTC) + timedelta(seconds=5))
