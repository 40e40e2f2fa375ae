"""Callers who wait, members who answer or do not."""

from tests.pbx.driver import Driver
from tests.pbx.scenarios import scenario
from tests.pbx.scenarios.basic import CLIENT

SALES = "74951112233"  # → queue sales (90), ring-all of 101 and 102
SUPPORT = "74951112266"  # → queue support (91), one after the other through Local/…/n: 103, 104


@scenario(
    "A client calls the sales queue: 101 and 102 ring, 101 answers, the client hangs up. Inbound, answered by 101."
)
def queue_ringall_answer(office: Driver) -> None:
    client, a, b = office.phone("trunk"), office.phone("101"), office.phone("102")
    client.call(SALES, clid=CLIENT, name="Client One")
    b.rings()
    a.answer()
    b.over()
    client.talks()
    office.passes()
    client.hang_up()
    a.over()


@scenario("A client waits in the sales queue while 101 and 102 ring, then hangs up. Inbound, abandoned.")
def queue_caller_abandons(office: Driver) -> None:
    client, a, b = office.phone("trunk"), office.phone("101"), office.phone("102")
    client.call(SALES, clid=CLIENT, name="Client One")
    a.rings()
    b.rings()
    office.passes()
    client.hang_up()
    a.over()
    b.over()


@scenario("Sales queue: 101 declines (603), 102 rings on and answers, 102 hangs up. Inbound, answered by 102.")
def queue_ringall_member_rejects(office: Driver) -> None:
    client, a, b = office.phone("trunk"), office.phone("101"), office.phone("102")
    client.call(SALES, clid=CLIENT, name="Client One")
    b.rings()
    a.reject(603)
    office.passes()
    b.answer()
    client.talks()
    office.passes()
    b.hang_up()
    client.over()


@scenario("Sales queue: the ringing leg of 101 is cleared with cause 21 (do not disturb), 102 rings on and answers.")
def queue_leg_of_a_member_is_cleared(office: Driver) -> None:
    client, a, b = office.phone("trunk"), office.phone("101"), office.phone("102")
    client.call(SALES, clid=CLIENT, name="Client One")
    a.rings()
    b.rings()
    office.action("Hangup", Channel=office.channel("101"), Cause="21")
    a.over()
    b.answer()
    client.talks()
    office.passes()
    client.hang_up()
    b.over()


@scenario("Sales queue: 101 is paused before the call, only 102 rings and answers. Inbound, answered by 102.")
def queue_member_is_paused(office: Driver) -> None:
    client, b = office.phone("trunk"), office.phone("102")
    office.action("QueuePause", Interface="PJSIP/101", Paused="true", Reason="lunch")
    client.call(SALES, clid=CLIENT, name="Client One")
    b.answer()
    client.talks()
    office.passes()
    client.hang_up()
    b.over()
    office.action("QueuePause", Interface="PJSIP/101", Paused="false")


@scenario(
    "Sales queue with a patience of two seconds: nobody answers, the call goes on to 105, which answers. Answered."
)
def queue_timeout_to_last_resort(office: Driver) -> None:
    office.queue_seconds(2)
    client, last = office.phone("trunk"), office.phone("105")
    client.call(SALES, clid=CLIENT, name="Client One")
    office.phone("101").rings()
    last.answer()
    office.phone("101").over()
    client.talks()
    office.passes()
    client.hang_up()
    last.over()


@scenario("101 dials the empty queue 92, waits a little on music and hangs up. Internal, abandoned; nobody rang.")
def queue_without_members(office: Driver) -> None:
    a = office.phone("101")
    a.call("92")
    office.saw("QueueCallerJoin")
    office.passes()
    a.hang_up()


@scenario(
    "A client calls the support queue, which rings one member at a time through Local channels that stay. The first "
    "does not answer within four seconds, the second does; the client hangs up. Inbound, answered."
)
def queue_rrmemory_second_member_answers(office: Driver) -> None:
    client = office.phone("trunk")
    client.call(SUPPORT, clid=CLIENT, name="Client One")
    first = office.saw("AgentCalled")["MemberName"].removeprefix("User ")
    office.phone(first).rings()
    office.phone(first).over()
    second = "104" if first == "103" else "103"
    office.phone(second).answer()
    client.talks()
    office.passes()
    client.hang_up()
    office.phone(second).over()


@scenario("A client calls the support queue, the first member that rings answers and hangs up. Inbound, answered.")
def queue_rrmemory_answer(office: Driver) -> None:
    client = office.phone("trunk")
    client.call(SUPPORT, clid=CLIENT, name="Client One")
    member = office.phone(office.saw("AgentCalled")["MemberName"].removeprefix("User "))
    member.answer()
    client.talks()
    office.passes()
    member.hang_up()
    client.over()


@scenario(
    "101 dials queue 93, whose member 105 is a Local channel that is optimised away after the answer. Answered by 105."
)
def queue_local_member_optimised(office: Driver) -> None:
    a, member = office.phone("101"), office.phone("105")
    a.call("93")
    member.answer()
    a.talks()
    office.passes(1.0)
    a.hang_up()
    member.over()


@scenario(
    "Two clients wait in the sales queue; 101 answers the first. The second waits on, 102 answers it. Both hang up. "
    "Two calls, inbound, answered."
)
def queue_two_callers(office: Driver) -> None:
    client, a, b = office.phone("trunk"), office.phone("101"), office.phone("102")
    first = client.call(SALES, clid=CLIENT, name="Client One")
    ringing = b.rings()
    second = client.call(SALES, clid="79037654321", name="Client Two")
    a.answer()
    client.talks(first)
    b.over(ringing)
    b.answer()
    client.talks(second)
    office.passes()
    client.hang_up(first)
    client.hang_up(second)
    a.over()
    b.over()
