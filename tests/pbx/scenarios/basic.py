"""Two people and a phone."""

from tests.pbx.driver import Driver
from tests.pbx.scenarios import scenario

CLIENT = "79161234567"


@scenario("101 calls 102, 102 answers, they talk, 101 hangs up. Internal, answered, ended by the caller.")
def ab_answer_a_hangs_up(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    a.hang_up()


@scenario("101 calls 102, 102 answers, they talk, 102 hangs up. Internal, answered, ended by the callee.")
def ab_answer_b_hangs_up(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    b.hang_up()
    a.over()


@scenario("101 calls 102, 102 is busy (486). Internal, busy.")
def ab_busy(office: Driver) -> None:
    office.phone("101").call("102")
    office.phone("102").reject(486)
    office.phone("101").over()


@scenario("101 calls 102, 102 declines (603). Internal, rejected.")
def ab_reject(office: Driver) -> None:
    office.phone("101").call("102")
    office.phone("102").reject(603)
    office.phone("101").over()


@scenario("101 calls 102, which rings for three seconds; nobody answers and the PBX gives up. Internal, missed.")
def ab_no_answer(office: Driver) -> None:
    office.ring_seconds(3)
    office.phone("101").call("102")
    office.phone("102").rings()
    office.phone("101").over()


@scenario("101 calls 102, which rings; 101 hangs up before an answer. Internal, missed, ended by the caller.")
def ab_caller_gives_up(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.rings()
    office.passes()
    a.hang_up()
    b.over()


@scenario("102 is not registered. 101 calls 102: nothing rings, the call fails at once. Internal, unreachable.")
def ab_unregistered(office: Driver) -> None:
    office.phone("102").unregister()
    office.phone("101").call("102")
    office.phone("101").over()


@scenario("101 calls 102, 102 answers and holds, 102 resumes, 101 hangs up. Internal, answered; one hold by 102.")
def ab_hold_and_resume(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    b.hold()
    office.passes()
    b.unhold()
    office.passes()
    a.hang_up()


@scenario("101 calls 102, 102 answers, 101 holds and hangs up while holding. Internal, answered.")
def ab_hold_and_hang_up(office: Driver) -> None:
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    b.answer()
    a.talks()
    a.hold()
    office.passes()
    a.hang_up()
    b.over()


@scenario("101 dials 119, for which the dialplan finds no phone. Internal, unreachable.")
def ab_unknown_extension(office: Driver) -> None:
    office.phone("101").call("119")
    office.phone("101").over()


@scenario("A client calls the office number of 101 from outside, 101 answers, the client hangs up. Inbound, answered.")
def inbound_answer(office: Driver) -> None:
    client, a = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    client.hang_up()
    a.over()


@scenario("A client calls the office number of 101, which rings; the client gives up. Inbound, missed.")
def inbound_missed(office: Driver) -> None:
    client, a = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.rings()
    office.passes()
    client.hang_up()
    a.over()


@scenario("A client calls the office number of 101 without a CallerID, 101 declines (603). Inbound, rejected.")
def inbound_reject_without_number(office: Driver) -> None:
    client, a = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid="anonymous")
    a.reject(603)
    client.over()


@scenario("101 calls 74957654321 outside, it is answered there, 101 hangs up. Outbound, answered.")
def outbound_answer(office: Driver) -> None:
    a, client = office.phone("101"), office.phone("trunk")
    a.call("74957654321")
    client.answer()
    a.talks()
    office.passes()
    a.hang_up()
    client.over()


@scenario("101 calls 74957654321 outside, it is busy (486). Outbound, busy.")
def outbound_busy(office: Driver) -> None:
    office.phone("101").call("74957654321")
    office.phone("trunk").reject(486)
    office.phone("101").over()


@scenario("101 calls 74957654321 outside, it rings for three seconds, nobody answers. Outbound, no answer.")
def outbound_no_answer(office: Driver) -> None:
    office.ring_seconds(3)
    office.phone("101").call("74957654321")
    office.phone("trunk").rings()
    office.phone("101").over()


@scenario("101 calls 74957654321 outside, it rings, 101 hangs up before an answer. Outbound, cancelled.")
def outbound_cancelled(office: Driver) -> None:
    a, client = office.phone("101"), office.phone("trunk")
    a.call("74957654321")
    client.rings()
    office.passes()
    a.hang_up()
    client.over()


@scenario(
    "101 calls 74957654321 outside, the provider says that the number does not exist (404). Outbound, unreachable."
)
def outbound_unallocated(office: Driver) -> None:
    office.phone("101").call("74957654321")
    office.phone("trunk").reject(404)
    office.phone("101").over()


@scenario("101 calls 74957654321 outside, the provider has no line free (503). Outbound, unreachable by congestion.")
def outbound_congestion(office: Driver) -> None:
    office.phone("101").call("74957654321")
    office.phone("trunk").reject(503)
    office.phone("101").over()
