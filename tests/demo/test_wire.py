"""The demo PBX over a real socket: what Asterisk's manager interface says, the demo says too."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Final

import pytest

from telephony.demo.building import Building, office
from telephony.demo.engine.clock import LoopClock
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer
from telephony.demo.people import EMPLOYEES

SECONDS: Final = 20
FULL = Account("full", "s3cret")
LISTEN = Account("listen", "s3cret", write=frozenset({"reporting"}))
Message = dict[str, str]


class Client:
    """A raw AMI connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def banner(self) -> str:
        return (await asyncio.wait_for(self._reader.readline(), SECONDS)).decode()

    def send(self, **headers: str) -> None:
        self.raw("".join(f"{key}: {value}\r\n" for key, value in headers.items()).encode() + b"\r\n")

    def raw(self, data: bytes) -> None:
        self._writer.write(data)

    async def read(self) -> Message:
        """The next message; empty at the end of the connection."""
        try:
            block = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), SECONDS)
        except asyncio.IncompleteReadError:
            return {}
        lines = block.decode().rstrip("\r\n").split("\r\n")
        return {key: value.removeprefix(" ") for key, _, value in (line.partition(":") for line in lines)}

    async def ask(self, **headers: str) -> Message:
        """The answer; events in between are skipped."""
        self.send(**headers)
        return await self.until(lambda message: "Response" in message)

    async def until(self, right: Callable[[Message], bool]) -> Message:
        while not right(message := await self.read()):
            assert message, "the connection ended"
        return message

    async def listing(self, **headers: str) -> list[Message]:
        """The events of a list action, with the Complete one."""
        answer = await self.ask(**headers, ActionID="list")
        assert answer["EventList"] == "start"
        found = [await self.until(lambda message: message.get("ActionID") == "list")]
        while found[-1].get("EventList") != "Complete":
            found.append(await self.until(lambda message: message.get("ActionID") == "list"))
        return found

    async def login(self, account: Account, **more: str) -> Message:
        await self.banner()
        return await self.ask(Action="Login", Username=account.username, Secret=account.secret, **more)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@pytest.fixture
async def building() -> Building:
    return office(LoopClock(), EMPLOYEES)


@pytest.fixture
async def server(building: Building) -> AsyncIterator[AmiServer]:
    async with AmiServer(building.pbx, building.plan, [FULL, LISTEN]) as server:
        yield server


@pytest.fixture
async def client(server: AmiServer) -> AsyncIterator[Client]:
    client = Client(*await asyncio.open_connection(server.host, server.port))
    yield client
    await client.close()


async def test_greets_as_asterisk_does(client: Client) -> None:
    assert await client.banner() == "Asterisk Call Manager/11.0.0\r\n"


async def test_login_is_answered_and_fully_booted_follows(client: Client) -> None:
    assert await client.login(FULL, ActionID="7") == {
        "Response": "Success",
        "ActionID": "7",
        "Message": "Authentication accepted",
    }
    assert (await client.read())["Event"] == "FullyBooted"


async def test_wrong_secret_is_refused_and_the_connection_closed(client: Client) -> None:
    answer = await client.login(Account("full", "wrong"))
    assert answer == {"Response": "Error", "Message": "Authentication failed"}
    assert await client.read() == {}


async def test_login_by_challenge(client: Client) -> None:
    await client.banner()
    challenge = (await client.ask(Action="Challenge", AuthType="MD5"))["Challenge"]
    key = hashlib.md5((challenge + FULL.secret).encode(), usedforsecurity=False).hexdigest()
    answer = await client.ask(Action="Login", AuthType="MD5", Username="full", Key=key)
    assert answer["Message"] == "Authentication accepted"


@pytest.mark.parametrize("action", ["Ping", "CoreShowChannels", "Originate", "Nonsense"])
async def test_nothing_before_the_login(client: Client, action: str) -> None:
    await client.banner()
    answer = await client.ask(Action=action, ActionID="1")
    assert answer == {"Response": "Error", "ActionID": "1", "Message": "Permission denied"}


async def test_unknown_action(client: Client) -> None:
    await client.login(FULL)
    text = "Invalid/unknown command: Nonsense. Use Action: ListCommands to show available commands."
    assert (await client.ask(Action="Nonsense"))["Message"] == text


async def test_list_commands_tells_only_what_the_account_may(client: Client) -> None:
    await client.login(LISTEN)
    told = await client.ask(Action="ListCommands")
    asked = {"CoreShowChannels", "ExtensionStateList", "QueueStatus", "Originate", "Hangup", "QueuePause", "Filter"}
    assert asked & set(told) == {"CoreShowChannels", "ExtensionStateList", "QueueStatus"}
    assert told["CoreShowChannels"] == "List currently active channels.  (Priv: system,reporting,all)"
    assert told["Ping"] == "Keepalive command.  (Priv: <none>)"


async def test_a_forbidden_action_is_refused(client: Client) -> None:
    await client.login(LISTEN)
    assert (await client.ask(Action="Hangup", Channel="x"))["Message"] == "Permission denied"


async def test_hints_of_the_office(client: Client) -> None:
    await client.login(FULL)
    *hints, complete = await client.listing(Action="ExtensionStateList")
    expected = {"": "0", "off": "0", "dnd": "2"}  # a switch that was set to off once outweighs a phone that is off
    assert {hint["Exten"]: hint["Status"] for hint in hints} == {who.number: expected[who.state] for who in EMPLOYEES}
    assert (complete["Event"], complete["ListItems"]) == ("ExtensionStateListComplete", str(len(EMPLOYEES)))


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Action": "Hangup"}, "No channel specified"),
        ({"Action": "Hangup", "Channel": "PJSIP/999-1"}, "No such channel"),
        ({"Action": "Redirect", "Channel": "x", "Exten": "1", "Context": "internal"}, "No such channel"),
        ({"Action": "BridgeInfo", "BridgeUniqueid": "x"}, "Specified BridgeUniqueid not found"),
        ({"Action": "QueuePause", "Interface": "PJSIP/999", "Paused": "true"}, "Interface not found"),
        ({"Action": "Setvar", "Variable": "DB(CF/101)", "Value": "1"}, "Permission denied"),
        ({"Action": "Originate", "Exten": "101"}, "Channel not specified"),
        ({"Action": "Filter", "Operation": "Add", "Filter": "!("}, "Filter format error"),
    ],
)
async def test_errors_in_asterisks_words(client: Client, headers: dict[str, str], message: str) -> None:
    await client.login(FULL)
    assert await client.ask(**headers) == {"Response": "Error", "Message": message}


async def test_click_to_dial_and_its_response(client: Client, building: Building) -> None:
    for number in ("102", "104"):
        phone = building.phones[number]
        phone.on_ring = phone.answer
    await client.login(FULL)
    answer = await client.ask(
        Action="Originate",
        ActionID="5",
        Channel="PJSIP/102",
        Context="internal",
        Exten="104",
        Priority="1",
        Async="true",
        ChannelId="own-1",
        CallerID='"Илья Белозёров" <104>',
    )
    assert answer["Message"] == "Originate successfully queued"
    response = await client.until(lambda message: message.get("Event") == "OriginateResponse")
    assert (response["Response"], response["Reason"], response["Uniqueid"]) == ("Success", "4", "own-1")
    bridged = await client.until(lambda message: message.get("BridgeNumChannels") == "2")
    assert (bridged["Event"], bridged["Linkedid"]) == ("BridgeEnter", "own-1")
    assert (await client.ask(Action="Hangup", Channel="own-1"))["Message"] == "Channel Hungup"
    ended = await client.until(lambda message: message.get("Event") == "Hangup" and message["Uniqueid"] == "own-1")
    assert ended["Cause"] == "16"


async def test_originate_to_a_phone_that_is_off(client: Client) -> None:
    await client.login(FULL)
    client.send(Action="Originate", Channel="PJSIP/108", Exten="104", Context="internal", Priority="1", Async="true")
    response = await client.until(lambda message: message.get("Event") == "OriginateResponse")
    assert (response["Response"], response["Reason"], response["Uniqueid"]) == ("Failure", "0", "<unknown>")


@pytest.mark.parametrize(
    "exclusion",
    [{"Filter": "!Event: ContactStatus"}, {"MatchCriteria": "action(exclude),name(ContactStatus)"}],
)
async def test_filters_keep_events_out(client: Client, building: Building, exclusion: dict[str, str]) -> None:
    await client.login(FULL)
    await client.until(lambda message: message.get("Event") == "FullyBooted")
    assert (await client.ask(Action="Filter", Operation="Add", **exclusion))["Response"] == "Success"
    building.phones["108"].register()
    building.phones["108"].unregister()
    heard = [await client.read() for _ in range(4)]
    assert [message["Event"] for message in heard] == [
        "PeerStatus",
        "DeviceStateChange",
        "PeerStatus",
        "DeviceStateChange",
    ]


async def test_event_mask_and_read_classes(client: Client, building: Building) -> None:
    await client.login(FULL, Events="off")
    building.phones["108"].register()
    assert await client.ask(Action="Events", EventMask="agent,user") == {"Response": "Success", "Events": "On"}
    building.phones["104"].unregister()
    assert (await client.read())["Event"] == "QueueMemberStatus"


async def test_logoff_says_goodbye_and_closes(client: Client) -> None:
    await client.login(FULL, Events="off")
    assert (await client.ask(Action="Logoff"))["Response"] == "Goodbye"
    assert await client.read() == {}


async def test_garbage_is_survived_and_endless_lines_end_the_connection(client: Client, server: AmiServer) -> None:
    await client.login(FULL, Events="off")
    client.raw(b"\xff\xfe\x00 no colon here\r\n\r\n\r\n\r\n: \r\n\r\n")
    assert (await client.read())["Message"] == "Missing action in request"
    assert (await client.ask(Action="Ping"))["Ping"] == "Pong"
    client.raw(b"A" * 100_000)
    while await client.read():
        pass
    assert server.sessions == set()
