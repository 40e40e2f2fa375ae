"""What a desk does beside answering: pick-up, forwarding, do not disturb, click to dial, spying, the PBX itself."""

from tests.pbx.driver import Driver, PhoneDriver
from tests.pbx.scenarios import scenario
from tests.pbx.scenarios.basic import CLIENT


@scenario(
    "101 calls 102, which rings; 103 dials *8 and takes the call; 101 hangs up. Answered by 103, picked up from 102."
)
def pickup_of_the_group(office: Driver) -> None:
    a, b, c = (office.phone(number) for number in ("101", "102", "103"))
    a.call("102")
    b.rings()
    office.passes()
    c.call("*8")
    c.talks()
    b.over()
    a.talks()
    office.passes()
    a.hang_up()
    c.over()


@scenario("A client rings at 101; 103 dials *8101 and takes exactly that call; 103 hangs up. Inbound, answered by 103.")
def pickup_of_one_extension(office: Driver) -> None:
    client, a, c = (office.phone(number) for number in ("trunk", "101", "103"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.rings()
    office.passes()
    c.call("*8101")
    c.talks()
    a.over()
    client.talks()
    office.passes()
    c.hang_up()
    client.over()


@scenario("103 dials *8 while nothing rings: the PBX clears it at once. No call of anybody with anybody.")
def pickup_of_nothing(office: Driver) -> None:
    office.phone("103").call("*8")
    office.phone("103").over()


@scenario("102 forwards to 103. 101 calls 102: 103 rings and answers; 102 never rang. Answered by 103.")
def forward_to_extension(office: Driver) -> None:
    office.forward("102", "103")
    a, c = office.phone("101"), office.phone("103")
    a.call("102")
    c.answer()
    a.talks()
    office.passes()
    a.hang_up()
    c.over()


@scenario("101 forwards to a mobile. A client calls 101 from outside: the mobile rings and answers. Inbound, answered.")
def forward_to_mobile(office: Driver) -> None:
    office.forward("101", "79261112233")
    client = office.phone("trunk")
    inbound = client.call("74951112244", clid=CLIENT, name="Client One")
    mobile = client.answer()
    client.talks(inbound)
    office.passes()
    client.hang_up(inbound)
    client.over(mobile)


@scenario("102 does not want to be disturbed. 101 calls 102: busy at once, 102 never rang. Internal, busy.")
def dnd_refuses(office: Driver) -> None:
    office.dnd("102")
    office.phone("101").call("102")
    office.phone("101").over()


@scenario("101 switches 'do not disturb' on and calls 102 all the same; 102 answers, 101 hangs up. Internal, answered.")
def dnd_user_calls_out(office: Driver) -> None:
    office.dnd("101")
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    a.hang_up()
    b.over()


def _click(office: Driver, extension: str, number: str) -> None:
    office.action(
        "Originate",
        Channel=f"PJSIP/{extension}",
        Context="internal",
        Exten=number,
        Priority="1",
        CallerID=f'"{number}" <{number}>',
        Timeout="3000",
        Async="true",
    )


@scenario(
    "101 clicks on 102: the own phone rings first and is answered, then 102 rings and answers; 101 hangs up. Answered."
)
def click_to_dial_answered(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    _click(office, "101", "102")
    a.answer()
    b.answer()
    office.passes()
    a.hang_up()
    b.over()


@scenario("101 clicks on 102, answers the own phone, 102 is busy. Internal, busy.")
def click_to_dial_target_busy(office: Driver) -> None:
    a = office.phone("101")
    _click(office, "101", "102")
    a.answer()
    office.phone("102").reject(486)
    a.over()


@scenario("101 clicks on 102 but does not answer the own phone within three seconds: nothing else rings.")
def click_to_dial_own_phone_not_answered(office: Driver) -> None:
    a = office.phone("101")
    _click(office, "101", "102")
    a.rings()
    a.over()


@scenario(
    "101 clicks on an outside number, answers the own phone, the number answers and hangs up. Outbound, answered."
)
def click_to_dial_outside(office: Driver) -> None:
    a, client = office.phone("101"), office.phone("trunk")
    _click(office, "101", "74957654321")
    a.answer()
    client.answer()
    office.passes()
    client.hang_up()
    a.over()


def _spy(office: Driver, options: str) -> None:
    client, a, boss = (office.phone(number) for number in ("trunk", "101", "103"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.action("Originate", Channel="PJSIP/103", Application="ChanSpy", Data=f"PJSIP/101,{options}", Async="true")
    boss.answer()
    office.saw("ChanSpyStart")
    office.passes()
    _end_spying(office, boss)
    office.passes()
    client.hang_up()
    a.over()


def _end_spying(office: Driver, boss: PhoneDriver) -> None:
    boss.hang_up()
    office.saw("ChanSpyStop")


@scenario(
    "A client talks with 101, 103 listens (ChanSpy) and hangs up, the client hangs up. 103 took part as a spy only."
)
def spy_listen(office: Driver) -> None:
    _spy(office, "qE")


@scenario("A client talks with 101, 103 whispers to 101 (ChanSpy w), hangs up; the client hangs up. 103 is a spy only.")
def spy_whisper(office: Driver) -> None:
    _spy(office, "qwE")


@scenario("A client talks with 101, 103 barges in (ChanSpy B), hangs up; the client hangs up. 103 is a spy only.")
def spy_barge(office: Driver) -> None:
    _spy(office, "qBE")


@scenario("101 dials the echo test 600, listens to itself, hangs up. Only the PBX took part.")
def application_echo(office: Driver) -> None:
    a = office.phone("101")
    a.call("600")
    a.talks()
    office.passes()
    a.hang_up()


@scenario("A client dials the voice menu, presses 102, 102 answers, the client hangs up. Inbound, answered by 102.")
def application_menu_then_extension(office: Driver) -> None:
    client, b = office.phone("trunk"), office.phone("102")
    client.call("74951112255", clid=CLIENT, name="Client One")
    client.talks()
    office.passes(1.0)
    client.dtmf("102")
    b.answer()
    office.passes()
    client.hang_up()
    b.over()


@scenario("A client dials the voice menu, presses nothing and hangs up. Inbound; only the PBX took part.")
def application_menu_only(office: Driver) -> None:
    client = office.phone("trunk")
    client.call("74951112255", clid=CLIENT, name="Client One")
    client.talks()
    office.passes()
    client.hang_up()


# Debian packs the voice mail of 16 apart.
@scenario("101 dials the voice mail of 102, speaks, hangs up. Only the PBX took part.", versions=("22",))
def application_voicemail(office: Driver) -> None:
    a = office.phone("101")
    a.call("602")
    a.talks()
    office.passes(1.0)
    a.hang_up()


@scenario("101, 102 and 103 meet in the conference 500; they leave one by one. One bridge of three parties.")
def conference_of_three(office: Driver) -> None:
    people = [office.phone(number) for number in ("101", "102", "103")]
    for phone in people:
        phone.call("500")
        phone.talks()
        office.passes()
    for phone in people:
        phone.hang_up()
        office.passes()
