"""Ring groups, several devices of one number, Local channels."""

from tests.pbx.driver import Driver
from tests.pbx.scenarios import scenario
from tests.pbx.scenarios.basic import CLIENT


@scenario("101 dials the ring group 95 of 101, 102, 103 from 104: all three ring, 102 answers, 104 hangs up. Answered.")
def group_one_answers(office: Driver) -> None:
    a = office.phone("104")
    a.call("95")
    for number in ("101", "103"):
        office.phone(number).rings()
    office.phone("102").answer()
    for number in ("101", "103"):
        office.phone(number).over()
    a.talks()
    office.passes()
    a.hang_up()
    office.phone("102").over()


@scenario("104 dials the ring group 95: 101, 102 and 103 ring for three seconds, nobody answers. Internal, missed.")
def group_nobody_answers(office: Driver) -> None:
    office.ring_seconds(3)
    office.phone("104").call("95")
    for number in ("101", "102", "103"):
        office.phone(number).rings()
    office.phone("104").over()


@scenario(
    "A client calls the ring group from outside; 101 declines, 103 answers, 103 hangs up. Inbound, answered by 103."
)
def group_one_rejects_another_answers(office: Driver) -> None:
    client = office.phone("trunk")
    client.call("74951112277", clid=CLIENT, name="Client One")
    office.phone("102").rings()
    office.phone("101").reject(603)
    office.phone("103").answer()
    client.talks()
    office.passes()
    office.phone("103").hang_up()
    client.over()


@scenario(
    "104 dials the ring group 96 of Local channels that stay: 101 and 102 ring, 101 answers, 104 hangs up. "
    "Internal, answered by 101; one call, no Local leg in it."
)
def group_of_local_channels(office: Driver) -> None:
    a = office.phone("104")
    a.call("96")
    office.phone("102").rings()
    office.phone("101").answer()
    a.talks()
    office.phone("102").over()
    office.passes()
    a.hang_up()
    office.phone("101").over()


@scenario(
    "101 has two devices. 102 calls 101, both ring, the second answers, 102 hangs up. Answered; 101 took part once."
)
def two_devices_second_answers(office: Driver) -> None:
    first, second, a = office.phone("101"), office.phone("101b"), office.phone("102")
    a.call("101")
    first.rings()
    second.answer()
    first.over()
    a.talks()
    office.passes()
    a.hang_up()
    second.over()


@scenario("101 has two devices. 102 calls 101, both ring, the first declines (603): the other rings on and answers.")
def two_devices_one_declines(office: Driver) -> None:
    first, second, a = office.phone("101"), office.phone("101b"), office.phone("102")
    a.call("101")
    second.rings()
    first.reject(603)
    office.passes()
    second.answer()
    a.talks()
    office.passes()
    a.hang_up()
    second.over()


@scenario(
    "101 dials 2102: 102 is rung through a Local channel that Asterisk removes after the answer. Answered by 102."
)
def local_optimised_away(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("2102")
    b.answer()
    a.talks()
    office.saw("LocalOptimizationEnd")
    office.passes()
    a.hang_up()
    b.over()


@scenario("101 dials 3102: 102 is rung through a Local channel that stays (/n). Answered by 102, 102 hangs up.")
def local_stays(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("3102")
    b.answer()
    a.talks()
    office.passes()
    b.hang_up()
    a.over()


@scenario("101 dials 3102, 102 rings behind a Local channel that stays; 101 gives up. Internal, missed.")
def local_caller_gives_up(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("3102")
    b.rings()
    office.passes()
    a.hang_up()
    b.over()


@scenario(
    "101 talks with 102. 103 calls 101, whose phone has call waiting: 101 holds 102, answers 103, 103 hangs up, "
    "101 goes back to 102 and hangs up. Two calls, both answered."
)
def two_calls_of_one_user(office: Driver) -> None:
    a, b, c = office.phone("101"), office.phone("102"), office.phone("103")
    first = a.call("102")
    b.answer()
    a.talks(first)
    second_of_c = c.call("101")
    a.rings()
    a.hold(first)
    second = a.answer()
    c.talks(second_of_c)
    office.passes()
    c.hang_up()
    a.over(second)
    a.unhold(first)
    office.passes()
    a.hang_up(first)
    b.over()


@scenario("101 and 102 call each other at the same moment; both are busy dialling, each answers the other's call.")
def glare(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    of_a = a.call("102")
    of_b = b.call("101")
    b.answer()
    a.answer()
    a.talks(of_a)
    b.talks(of_b)
    office.passes()
    a.hang_up(of_a)
    b.hang_up(of_b)
    a.over()
    b.over()
