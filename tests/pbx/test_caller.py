"""A real dialplan asks the portal who calls, with the lines of docs/api.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pytest_django.live_server_helper import LiveServer

from astpanel.api.models import Scope
from astpanel.api.services import create_client
from tests.factories import CounterpartyFactory, PanelUserFactory
from tests.pbx.ami import Ami

CONTEXT: Final = "who-calls"
PAGE: Final = Path(__file__).parents[2] / "docs" / "api.md"
QUEUE: Final = 100  # the priority behind the page's label


def lines_of_the_page(url: str, token: str) -> list[str]:
    """The applications that ask and decide, in order."""
    pattern = re.compile(r"^(?: same => n,|exten => _X\.,1,)((?:Set|GotoIf)\(.+\))$", re.MULTILINE)
    asking = pattern.findall(PAGE.read_text(encoding="utf-8"))
    assert [line.partition("(")[0] for line in asking] == ["Set", "Set", "Set", "Set", "GotoIf"]
    changed = {"https://portal.example": url, "ap_…": token, "?:queue": f"?:{QUEUE}"}
    for old, new in changed.items():
        asking = [line.replace(old, new) for line in asking]
    return asking


@pytest.fixture
def dialplan(ami: Ami) -> Iterator[Ami]:
    """A context of our own, gone afterwards."""
    yield ami
    ami.do("Command", Command=f"dialplan remove context {CONTEXT}")


def add(ami: Ami, priority: int, application: str) -> None:
    name, _, data = application.partition("(")
    answer = ami.do(
        "DialplanExtensionAdd",
        Context=CONTEXT,
        Extension="s",
        Priority=str(priority),
        Application=name,
        ApplicationData=data[:-1],
        Replace="yes",
    )
    assert answer["Response"] == "Success", answer


def ask(ami: Ami, applications: list[str], number: str) -> str:
    """Who is rung for a call from this number: `manager 105`, or `queue`."""
    lines = [
        f"Set(CALLERID(num)={number})",
        *applications,
        "UserEvent(WhoCalls,Rung: manager ${CUT(WHO,|,1)})",
        "Hangup()",
    ]
    for priority, application in enumerate(lines, start=1):
        add(ami, priority, application)
    add(ami, QUEUE, "UserEvent(WhoCalls,Rung: queue)")
    before = len(ami.events)
    ami.do("Originate", Channel=f"Local/s@{CONTEXT}/n", Application="Wait", Data="5", Async="true")
    return ami.wait("UserEvent", UserEvent="WhoCalls", since=before)["Rung"]


@pytest.mark.django_db(transaction=True)
def test_a_dialplan_learns_the_manager(dialplan: Ami, live_server: LiveServer) -> None:
    manager = PanelUserFactory(number="105")
    CounterpartyFactory(name='ООО «Ромашка», "${SHELL(id)}"', manager=manager, phone="8 (495) 111-22-33")
    _client, token = create_client(name="АТС", scopes=[Scope.CALLER], by=None)
    url = live_server.url.replace("localhost", "127.0.0.1")  # the beds of old systems know no names
    asking = lines_of_the_page(url, token)
    assert ask(dialplan, asking, "+74951112233") == "manager 105"
    assert ask(dialplan, asking, "+74959998877") == "queue"
    refused = lines_of_the_page(url, "ap_wrong")  # the refusal is JSON, with digits in its escaped characters
    assert ask(dialplan, refused, "+74951112233") == "queue"
    away = lines_of_the_page("http://127.0.0.1:1", token)
    assert ask(dialplan, away, "+74951112233") == "queue"
