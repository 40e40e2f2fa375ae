"""The gateway on a PBX: what pages see, what the database holds, what becomes of commands. On both kinds of layer."""

import time
import uuid

from crm.models import NumberingPlan
from telephony.demo.engine.channel import Party
from telephony.models import ActionLog, CallRecord, Pbx
from tests.factories import ContactInfoFactory, PanelUserFactory
from tests.gateway.office import Office, gateway
from tests.gateway.waiting import until


def _summary() -> list[tuple[str, ...]]:
    """Calls of the database: direction, disposition, who, whom, participants."""
    return [
        (
            call.direction,
            call.disposition,
            call.caller_number,
            call.called_number,
            " ".join(p.number for p in call.participants.all()),
        )
        for call in CallRecord.objects.order_by("id").prefetch_related("participants")
    ]


def _acts() -> list[tuple[object, ...]]:
    return list(ActionLog.objects.order_by("id").values_list("name", "args", "outcome", "reason"))


async def test_a_call_is_seen_and_recorded(office: Office) -> None:
    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        assert [page.phone(n) for n in ("101", "102", "103", "104")] == ["free", "free", "free", "off"]
        channel = office.call("101", "102")
        await until(lambda: page.phone("102") == "ringing", "102 to be pink")
        assert page.phone("101") == "talking/dialing"
        await office.until_read(_summary, [("internal", "in_progress", "101", "102", "101 102")])
        office.building.phones["102"].answer(await office.ringing("102"))
        await until(lambda: page.phone("101") == page.phone("102") == "talking", "both to be yellow")
        await until(lambda: [call["state"] for call in page.calls("board")] == ["talking"], "the call to be a talk")
        (call,) = page.calls("board")
        assert call["direction"] == "internal"
        assert page.calls("ext/101") == page.calls("ext/102") == [call]
        assert page.calls("ext/103") == []
        assert page.state("board")["talk:101"]["peers"] == [{"number": "102", "name": "Петров", "contact": None}]
        office.building.phones["101"].hang_up(channel)
        await until(lambda: page.phone("101") == page.phone("102") == "free", "both to be white")
        await until(lambda: not page.state("board") and not page.calls("ext/101"), "the call to be gone from the page")
        await office.until_read(_summary, [("internal", "answered", "101", "102", "101 102")])
        audiences = ["ext/101", "ext/102"]
        await until(
            lambda: all("journal" in page.state(name) for name in audiences), "the page to be told of the record"
        )
        linkedid = await office.read(lambda: CallRecord.objects.values_list("linkedid", flat=True).get())
        (written,) = {page.state(name)["journal"]["written"] for name in audiences}
        assert time.time() - 60 < written < time.time()
        assert [page.state(name) for name in (*audiences, "ext/103")] == [
            *[{"journal": {"call": linkedid, "written": written}}] * 2,
            {},
        ]


async def test_click_to_dial(office: Office) -> None:
    page, phones = office.page, office.building.phones
    user = await office.read(lambda: PanelUserFactory(number="101"))
    await office.read(lambda: PanelUserFactory(number="102", last_name="Петров", first_name="Иван", patronymic=""))
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        outcome = await page.command(user.pk, "originate", extension="101", number="102")
        assert outcome == ("done", "own_phone_rings", "")
        phones["101"].answer(await office.ringing("101"))
        leg = await office.ringing("102")
        assert leg.connected.number == "101"  # 102 sees who calls, not its own number
        phones["102"].answer(leg)
        await until(lambda: page.phone("101") == page.phone("102") == "talking", "both to talk")
        (call,) = page.calls("ext/101")
        contact = {"kind": "user", "id": user.pk, "name": str(user), "company": ""}
        contact |= {"reason": "internal", "manager": None, "others": []}
        await until(lambda: page.calls("ext/101")[0]["caller"]["contact"] == contact, "the caller's name")
        outcome = await page.command(user.pk, "hangup", extension="101", call_id=call["id"])
        assert outcome == ("done", "hung_up", "")
        await until(lambda: page.phone("101") == page.phone("102") == "free", "both to be free")
        await office.until_read(_summary, [("internal", "answered", "101", "102", "101 102")])
        dialled = ("originate", {"extension": "101", "number": "102"}, "done", "own_phone_rings")
        hung_up = ("hangup", {"extension": "101", "call_id": call["id"]}, "done", "hung_up")
        await office.until_read(_acts, [dialled, hung_up])


async def test_refusals_say_why_and_are_journalled(office: Office) -> None:
    page = office.page
    user = await office.read(lambda: PanelUserFactory(number="101"))
    seatless = await office.read(lambda: PanelUserFactory(number="102", in_use=False))
    other_pbx = await office.read(lambda: Pbx.objects.create(name="branch", host="127.0.0.1", port=1, enabled=True))
    stranger = await office.read(lambda: PanelUserFactory(number="103", pbx=other_pbx))
    await office.read(lambda: type(user).objects.update(pbx=office.pbx))
    await office.read(lambda: type(user).objects.filter(pk=stranger.pk).update(pbx=other_pbx))
    refused = []

    async def command(user_id: int, name: str, seconds: float = 10, **args: str) -> str:
        kind, reason, _ = await page.command(user_id, name, seconds=seconds, **args)
        refused.append((name, args, kind, reason))
        assert kind == "refused"
        return reason

    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        await office.talk("102", "103")
        (call,) = page.calls("board")
        assert [
            await command(user.pk, "originate", extension="101", number="104"),
            await command(user.pk, "originate", extension="101", number="103"),
            await command(user.pk, "originate", extension="101", number="101"),
            await command(user.pk, "originate", extension="102", number="103"),
            await command(user.pk, "originate", extension="101", number="103\r\nAction: Command"),
            await command(user.pk, "hangup", extension="101", call_id=call["id"]),
            await command(user.pk, "hangup", extension="102", call_id=call["id"]),
            await command(user.pk, "originate", seconds=-1, extension="101", number="90"),
            await command(seatless.pk, "hangup", extension="102", call_id=call["id"]),
            await command(stranger.pk, "hangup", extension="103", call_id=call["id"]),
        ] == [
            "colleague_off",
            "colleague_busy",
            "own_number",
            "not_your_number",
            "not_dialable",
            "no_such_call",
            "not_your_number",
            "too_late",
            "no_panel",
            "wrong_pbx",
        ]
        await office.until_read(_acts, refused)


async def test_a_command_is_carried_out_once_and_nonsense_is_counted(office: Office) -> None:
    page = office.page
    user = await office.read(lambda: PanelUserFactory(number="101"))
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        command_id, args = str(uuid.uuid4()), {"extension": "101", "number": "102"}
        nonsense = [
            ("no uuid", user.pk, "originate", args),
            (str(uuid.uuid4()), user.pk, "reboot", args),
            (str(uuid.uuid4()), user.pk, "originate", {"extension": "101"}),
            (str(uuid.uuid4()), user.pk, "originate", {"extension": "101", "number": ["102"]}),
            (str(uuid.uuid4()), user.pk, "originate", {"extension": "101", "number": "1" * 10_000}),
            (str(uuid.uuid4()), "everybody", "originate", args),
            (str(uuid.uuid4()), user.pk, "originate", "args"),
        ]
        for bad_id, who, name, what in nonsense:
            await page.send(bad_id, who, name, what, time.time() + 10)
        for _ in range(3):
            await page.send(command_id, user.pk, "originate", args, time.time() + 10)
        await until(lambda: command_id in page.outcomes, "an outcome")
        await page.send(command_id, user.pk, "originate", args, time.time() + 10)
        await until(lambda: page.answers == 2, "the same outcome again")
        assert page.outcomes == {command_id: ("done", "own_phone_rings", "")}
        assert len(office.building.phones["101"].ringing()) == 1
        await office.until_read(_acts, [("originate", args, "done", "own_phone_rings")])


async def test_the_number_rules_decide_what_is_dialled_and_changes_need_no_restart(office: Office) -> None:
    page = office.page
    user = await office.read(lambda: PanelUserFactory(number="101"))
    changed = {"area_code": "495", "outside_prefix": "9"}
    phone = office.building.phones["101"]

    async def dialled() -> tuple[str, str, str]:
        outcome = await page.command(user.pk, "originate", extension="101", number="111-22-33")
        leg = await office.ringing("101")
        shown = leg.connected.number
        phone.reject(leg)
        await until(lambda: page.phone("101") == "free", "101 to be free")
        return outcome[0], outcome[2], shown

    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        before = ("done", "111-22-33 → 1112233 (no_plan)", "1112233")
        assert await dialled() == before
        # as another process writes it: this one is not told
        await office.read(lambda: NumberingPlan.objects.bulk_create([NumberingPlan(**changed)]))
        end = time.monotonic() + 60
        while (now := await dialled()) == before and time.monotonic() < end:
            pass
        assert now == ("done", "111-22-33 → 984951112233 (in_country)", "984951112233")
        refusal = await page.command(user.pk, "originate", extension="101", number="+12")
        assert refusal == ("refused", "no_such_number", "")


async def test_own_phone_that_refuses_is_a_failure_in_words(office: Office) -> None:
    page = office.page
    user = await office.read(lambda: PanelUserFactory(number="101"))
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        office.building.phones["101"].device.contacts.clear()  # gone, but the PBX has not noticed yet
        kind, reason, _ = await page.command(user.pk, "originate", extension="101", number="102")
        assert (kind, reason) == ("failed", "own_phone_unreachable")


async def test_names_come_from_the_directory(office: Office) -> None:
    page = office.page
    row = await office.read(lambda: ContactInfoFactory(value="+7 495 111-22-33"))
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        office.building.plan.numbers.lines["74950000000"] = "101"
        office.building.trunk.call("74950000000", Party("84951112233", "<script>"))
        await until(lambda: bool(page.calls("ext/101")), "the call")
        await until(lambda: page.calls("ext/101")[0]["caller"]["contact"] is not None, "the caller's name")
        caller = page.calls("ext/101")[0]["caller"]
        assert (caller["number"], caller["name"]) == ("84951112233", "<script>")
        assert caller["contact"]["name"] == await office.read(lambda: str(row.counterparty or row.person))


async def test_a_late_page_gets_everything(office: Office) -> None:
    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        await office.talk("101", "102")
        late = type(page)(office.pbx.pk)
        async with late.reading():
            await late.ask()
            await until(lambda: late.replica.audiences == page.replica.audiences, "the late page to know the same")
            assert late.phone("101") == "talking"


async def test_lost_link_is_shown_and_calls_that_vanished_are_interrupted(office: Office) -> None:
    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        channel, _ = await office.talk("101", "102")
        await office.server.stop()
        await until(lambda: page.link()[0] == "down", "the page to say that the link is down")
        user = await office.read(lambda: PanelUserFactory(number="101"))
        outcome = await page.command(user.pk, "originate", extension="101", number="103")
        assert outcome == ("refused", "link_down", "")
        office.building.phones["101"].hang_up(channel)
        await until(lambda: not office.building.pbx.channels, "the call to end unseen")
        await office.server.start()
        await until(lambda: page.link() == ("up", ""), "the link to be up again")
        await until(lambda: page.phone("101") == "free", "101 to be free")
        await office.until_read(_summary, [("internal", "interrupted", "101", "102", "101 102")])


async def test_clean_stop_is_told_and_the_next_gateway_goes_on_with_the_call(office: Office) -> None:
    page = office.page
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the link to be up")
        channel, _ = await office.talk("101", "102")
        await office.until_read(
            lambda: list(CallRecord.objects.exclude(answered=None).values_list("disposition", flat=True)),
            ["in_progress"],
        )
    await until(lambda: page.link() == ("down", "gateway_stopped"), "the page to be told")
    answered = await office.read(lambda: CallRecord.objects.get().answered)
    async with gateway():
        await until(lambda: page.link() == ("up", ""), "the next gateway")
        assert len(page.epochs) == 2
        await until(lambda: page.phone("101") == "talking", "the call to be seen again")
        office.building.phones["101"].hang_up(channel)
        await office.until_read(_summary, [("internal", "answered", "101", "102", "101 102")])
        call = await office.read(CallRecord.objects.get)
        assert call.answered == answered
