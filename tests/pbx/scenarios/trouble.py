"""What the eye did not see: a late log-in, a lost event, a broken link, a PBX that restarts, a phone without power."""

from tests.pbx.driver import Driver
from tests.pbx.scenarios import scenario
from tests.pbx.scenarios.basic import CLIENT


@scenario(
    "101 and 102 talk already when the recording starts; 101 hangs up. Answered, of unknown beginning.", connected=False
)
def late_join_talking(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.connect()
    office.passes()
    a.hang_up()
    b.over()


@scenario(
    "A client rings at 101 when the recording starts; 101 answers, the client hangs up. Inbound.", connected=False
)
def late_join_ringing(office: Driver) -> None:
    client, a = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.rings()
    client.hears_ringing()
    office.connect()
    a.answer()
    client.talks()
    office.passes()
    client.hang_up()
    a.over()


@scenario(
    "A client waits in the queue (101, 102 ring) when the recording starts; 102 answers. Inbound.", connected=False
)
def late_join_queue(office: Driver) -> None:
    client, b = office.phone("trunk"), office.phone("102")
    client.call("74951112233", clid=CLIENT, name="Client One")
    for number in ("101", "102"):
        office.saw("Newstate", Channel=f"PJSIP/{number}-*", ChannelStateDesc="Ringing")
    office.connect()
    b.answer()
    client.talks()
    office.passes()
    client.hang_up()
    b.over()


@scenario(
    "A client is parked when the recording starts; 102 takes the call back and hangs up. Inbound.", connected=False
)
def late_join_parked(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    a.blind_transfer("800")
    slot = office.saw("ParkedCall")["ParkingSpace"]
    a.over()
    office.connect()
    b.call(slot)
    b.talks()
    office.passes()
    b.hang_up()
    client.over()


@scenario(
    "101 talks with 102 through a Local channel that stays, when the recording starts; 102 hangs up.", connected=False
)
def late_join_local(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("3102")
    b.answer()
    a.talks()
    office.connect()
    office.passes()
    b.hang_up()
    a.over()


@scenario("101 talks with 102, 101 hangs up, but the Hangup event of 102 is lost: reconciliation ends the call.")
def lost_hangup(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes(2.0)
    office.lose("Hangup", Channel="PJSIP/102-*")
    a.hang_up()
    b.over()
    office.quiet()
    office.reconcile()
    office.passes(2.5)  # the first look may have come before the event; the second is sure
    office.reconcile()


@scenario("101 talks with 102, 101 hangs up, but both Hangup events are lost: reconciliation ends the call.")
def lost_hangups_of_both(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes(2.0)
    office.lose("Hangup", Channel="PJSIP/101-*")
    office.lose("Hangup", Channel="PJSIP/102-*")
    a.hang_up()
    b.over()
    office.quiet()
    office.reconcile()
    office.passes(2.5)  # the first look may have come before the event; the second is sure
    office.reconcile()


@scenario(
    "101 talks with 102; the link breaks; meanwhile 101 hangs up; the link comes back to an empty PBX. Interrupted."
)
def link_lost_call_ends_unseen(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    office.disconnect()
    a.hang_up()
    b.over()
    office.connect()


@scenario(
    "101 calls 102, which rings; the link breaks; 102 answers unseen; the link comes back; 101 hangs up. Answered."
)
def link_lost_answer_unseen(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.rings()
    a.hears_ringing()
    office.passes()
    office.disconnect()
    b.answer()
    a.talks()
    office.connect()
    office.passes()
    a.hang_up()
    b.over()


@scenario("101 talks with 102; the PBX restarts at once and hangs up everybody; then 103 talks with 104. Answered.")
def pbx_restarts(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    office.restart_pbx()
    office.connect()
    office.phone("103").call("104")
    office.phone("104").answer()
    office.passes()
    office.phone("103").hang_up()
    office.phone("104").over()


@scenario(
    "101 talks with 102; the PBX loses its power: no Hangup is ever sent. Interrupted. Afterwards 103 talks with 104."
)
def pbx_crashes(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    office.crash_pbx()
    office.connect()
    office.phone("103").call("104")
    office.phone("104").answer()
    office.passes()
    office.phone("103").hang_up()
    office.phone("104").over()


@scenario("The second device of 101 loses its power in a talk with 102: its channel stays up until 102 hangs up.")
def phone_loses_power(office: Driver) -> None:
    device, b = office.phone("101b"), office.phone("102")
    device.call("102")
    b.answer()
    device.talks()
    office.passes()
    device.vanish()
    office.passes()
    b.hang_up()


@scenario("102 registers and unregisters its phone while nobody calls: grey, white, grey.")
def phone_comes_and_goes(office: Driver) -> None:
    b = office.phone("102")
    b.unregister()
    office.saw("DeviceStateChange", Device="PJSIP/102", State="UNAVAILABLE")
    b.register()
    office.saw("DeviceStateChange", Device="PJSIP/102", State="NOT_INUSE")
