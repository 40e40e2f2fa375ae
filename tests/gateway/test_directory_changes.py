"""What another process writes into the directory is seen on a call that rings, and on the next one."""

from pathlib import Path
from typing import Any

import pytest

from astpanel.accounts.models import PanelUser
from crm.models import Counterparty
from telephony.demo.engine.channel import Party
from telephony.gateway import names as names_module
from tests.databases import PrivateDatabase
from tests.factories import CounterpartyFactory, PanelUserFactory
from tests.gateway.office import Office, gateway
from tests.gateway.processes import environment, in_another_process
from tests.gateway.waiting import until

pytestmark = pytest.mark.parametrize("layer", ["memory"], indirect=True)
SEEN_WITHIN: float = 40.0  # seconds; a second on a machine that has nothing else to do


@pytest.fixture
def env(private_database: PrivateDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names are never looked up by the clock alone."""
    monkeypatch.setattr(names_module, "KNOWN_FOR", 3600.0)
    return environment(private_database.url, "", tmp_path)


def _people() -> tuple[Counterparty, PanelUser]:
    return CounterpartyFactory(name="ООО «Ромашка»", phone="+7 495 111-22-33"), PanelUserFactory()


def _contact(office: Office) -> dict[str, Any] | None:
    """Of the caller, as the page of 101 shows it."""
    calls = office.page.calls("ext/101")
    return calls[0]["caller"]["contact"] if calls else None


def _ring(office: Office) -> None:
    office.building.plan.numbers.lines["74950000000"] = "101"
    office.building.trunk.call("74950000000", Party("84951112233", "whoever"))


async def test_a_ringing_call_follows_the_directory(office: Office, env: dict[str, str]) -> None:
    company, manager = await office.read(_people)
    owner = {"kind": "counterparty", "id": company.pk, "name": "ООО «Ромашка»", "company": ""}
    shown: dict[str, Any] = {**owner, "reason": "exact", "manager": None, "others": []}
    async with gateway():
        await until(lambda: office.page.link() == ("up", ""), "the link to be up")
        _ring(office)
        await until(lambda: _contact(office) == shown, "the name")
        await in_another_process(env, f"Counterparty.objects.filter(pk={company.pk}).update(manager={manager.pk})")
        shown["manager"] = manager.pk
        await until(lambda: _contact(office) == shown, "the manager", SEEN_WITHIN)
        await in_another_process(
            env, f"row = Counterparty.objects.get(pk={company.pk}); row.name = 'ООО «Василёк»'; row.save()"
        )
        shown["name"] = "ООО «Василёк»"
        await until(lambda: _contact(office) == shown, "the new name", SEEN_WITHIN)
        await in_another_process(
            env,
            "row = ContactInfo.objects.get(); other = Counterparty.objects.create(name='ИП Лугов');"
            "ContactInfo.objects.create(counterparty=other, kind=row.kind, value='8 495 111-22-33')",
        )
        other = await office.read(lambda: Counterparty.objects.get(name="ИП Лугов").pk)
        shown["others"] = [{"kind": "counterparty", "id": other, "name": "ИП Лугов", "company": ""}]
        await until(lambda: _contact(office) == shown, "the other owner", SEEN_WITHIN)
        await in_another_process(env, "ContactInfo.objects.all().delete()")
        await until(lambda: office.page.calls("ext/101") != [] and _contact(office) is None, "nobody", SEEN_WITHIN)


async def test_a_new_call_follows_what_was_changed_in_silence(office: Office, env: dict[str, str]) -> None:
    company, _ = await office.read(_people)
    async with gateway():
        await until(lambda: office.page.link() == ("up", ""), "the link to be up")
        _ring(office)
        leg = await office.ringing("101")
        await until(lambda: (_contact(office) or {}).get("name") == "ООО «Ромашка»", "the name")
        office.building.phones["101"].hang_up(leg)
        await until(lambda: office.page.calls("ext/101") == [], "the end of the call")
        await in_another_process(
            env, f"row = Counterparty.objects.get(pk={company.pk}); row.name = 'ООО «Василёк»'; row.save()"
        )
        _ring(office)
        await until(lambda: (_contact(office) or {}).get("name") == "ООО «Василёк»", "the new name", SEEN_WITHIN)
