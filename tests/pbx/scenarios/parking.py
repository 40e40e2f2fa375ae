"""A call set aside for whoever takes it back. Lot `default`: slots 801–820, a minute; lot `short`: 831–840, 3 s."""

from tests.pbx.driver import Driver, PhoneDriver
from tests.pbx.scenarios import scenario
from tests.pbx.scenarios.basic import CLIENT


def _client_talks_with_101(office: Driver) -> tuple[PhoneDriver, PhoneDriver]:
    client, a = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    return client, a


def _park(office: Driver, lot: str = "default") -> str:
    """AMI Park of the client by 101 → the slot."""
    mine = office.channel("101")
    office.action("Park", Channel=office.channel("trunk"), TimeoutChannel=mine, AnnounceChannel=mine, Parkinglot=lot)
    return office.saw("ParkedCall", ParkeeChannel="PJSIP/trunk-*")["ParkingSpace"]


@scenario(
    "101 parks the client (AMI Park); 102 dials the slot and talks with the client, who hangs up. Answered; 102 last."
)
def park_and_take_by_slot(office: Driver) -> None:
    client, a = _client_talks_with_101(office)
    slot = _park(office)
    a.over()
    office.passes()
    b = office.phone("102")
    b.call(slot)
    b.talks()
    office.passes()
    client.hang_up()
    b.over()


@scenario(
    "101 parks the client (AMI Park) and takes it back from the page: Originate of ParkedCall rings 101. 101 hangs up."
)
def park_and_take_back_by_parker(office: Driver) -> None:
    client, a = _client_talks_with_101(office)
    slot = _park(office)
    a.over()
    office.passes()
    office.action(
        "Originate", Channel="PJSIP/101", Application="ParkedCall", Data=f"default,{slot}", Async="true", CallerID=slot
    )
    a.answer()
    office.saw("UnParkedCall")
    office.passes()
    a.hang_up()
    client.over()


@scenario(
    "101 parks the client in the lot of three seconds; nobody takes it; 101 is rung back, answers, the client hangs up."
)
def park_timeout_parker_answers(office: Driver) -> None:
    client, a = _client_talks_with_101(office)
    _park(office, "short")
    a.over()
    a.answer()
    office.saw("ParkedCallTimeOut")
    office.passes()
    client.hang_up()
    a.over()


@scenario("101 parks the client; the client hangs up in the slot. Inbound, answered by 101 before.")
def park_caller_hangs_up(office: Driver) -> None:
    client, a = _client_talks_with_101(office)
    _park(office)
    a.over()
    office.passes()
    client.hang_up()
    office.saw("ParkedCallGiveUp")


@scenario(
    "101 transfers the client blindly to 800 (REFER): the client is parked. 102 dials 801 and talks with the client."
)
def park_by_blind_transfer(office: Driver) -> None:
    client, a = _client_talks_with_101(office)
    a.blind_transfer("800")
    slot = office.saw("ParkedCall", ParkeeChannel="PJSIP/trunk-*")["ParkingSpace"]
    a.over()
    b = office.phone("102")
    b.call(slot)
    b.talks()
    office.passes()
    b.hang_up()
    client.over()


@scenario("101 calls 102; 102 parks 101 by the keys #72; 103 dials the slot and talks with 101; 101 hangs up.")
def park_by_feature_code(office: Driver) -> None:
    a, b, c = (office.phone(number) for number in ("101", "102", "103"))
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    b.dtmf("#72")
    slot = office.saw("ParkedCall", ParkeeChannel="PJSIP/101-*")["ParkingSpace"]
    c.call(slot)
    c.talks()
    office.passes()
    a.hang_up()
    c.over()
