"""The licence closes open pages: when a key goes, and when its time is over with nobody writing anything."""

from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from astpanel.accounts.licensing.verify import GRACE
from astpanel.accounts.models import Installation, License
from telephony.core.commands import Hangup
from telephony.rules import Refusal, UserFacts, may_hangup, may_join, may_open, may_originate
from tests.factories import InstallationFactory, LicenseFactory
from tests.live.conftest import Office
from tests.live.gateway import StandInGateway
from tests.live.test_losing_rights import joined

SECONDS = 2.0


def old_installation(**key: Any) -> None:
    """Its time for setting up is over; it has a key."""
    InstallationFactory()
    Installation.objects.update(created=timezone.now() - timedelta(days=400))
    LicenseFactory(**key)


def delete_the_keys() -> None:
    for row in License.objects.all():
        row.delete()


async def test_the_last_key_goes_and_a_new_one_opens_at_once(
    office: Office, gateway: StandInGateway, browse: Any
) -> None:
    await database_sync_to_async(old_installation)()
    page = await joined(browse, office.operator, "office")
    await database_sync_to_async(delete_the_keys)()
    assert await page.until(closed=4402) == {"closed": 4402}
    refused = await browse(office.operator)
    assert await refused.get() == {"closed": 4402}
    await database_sync_to_async(LicenseFactory)()
    again = await joined(browse, office.operator, "office")
    await gateway.publish(office={"ext:101": {"state": "off"}})
    assert (await again.until(t="delta"))["set"] == {"ext:101": {"state": "off"}}


async def test_the_time_is_over_while_the_page_is_open(
    office: Office, gateway: StandInGateway, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys are read once a minute, the clock at each look."""
    monkeypatch.setattr("telephony.live.rights.PERIOD", 0.0)
    end = (timezone.now() - GRACE).replace(microsecond=0) + timedelta(seconds=SECONDS + 1)
    await database_sync_to_async(old_installation)(issued=end - timedelta(days=99), expires=end)
    page = await joined(browse, office.operator, "office")
    assert await page.until(closed=4402) == {"closed": 4402}
    assert timezone.now() >= end + GRACE


async def test_only_those_without_a_seat_are_shut_out(office: Office, gateway: StandInGateway, browse: Any) -> None:
    await database_sync_to_async(old_installation)(seats=2)
    kept = await joined(browse, office.colleague, "office")
    late = await browse(office.supervisor)  # the third of three
    assert await late.get() == {"closed": 4402}
    await gateway.publish(office={"ext:101": {"state": "off"}})
    assert (await kept.until(t="delta"))["set"] == {"ext:101": {"state": "off"}}


@pytest.mark.parametrize("reason", [Refusal.LICENCE_ENDED, Refusal.NO_SEAT])
def test_every_rule_asks_for_the_licence(reason: Refusal) -> None:
    user = UserFacts(1, True, True, True, 1, frozenset({"101"}), reason)
    verdicts = [
        may_open(user),
        may_join(user, "office"),
        may_join(user, "board"),
        may_originate(user, "101", "102"),
        may_hangup(user, "101", Hangup("101", "1.1").call_id),
    ]
    assert [(verdict.allowed, verdict.reason) for verdict in verdicts] == [(False, reason)] * 5
