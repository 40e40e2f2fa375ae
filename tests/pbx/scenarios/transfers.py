"""Blind, attended and blonde transfers in each order; by REFER, by keys, by AMI."""

from tests.pbx.driver import Driver
from tests.pbx.scenarios import scenario
from tests.pbx.scenarios.basic import CLIENT

OUTSIDE = "74957654321"


@scenario(
    "101 calls 102; 102 transfers 101 blindly to 103 (REFER); 103 answers; 101 hangs up. Answered; 102 transferred."
)
def xfer_blind_by_callee(office: Driver) -> None:
    a, b, c = (office.phone(number) for number in ("101", "102", "103"))
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    b.blind_transfer("103")
    c.answer()
    b.over()
    office.passes()
    a.hang_up()
    c.over()


@scenario(
    "101 calls 102; 101 transfers 102 blindly to 103 (REFER); 103 answers; 103 hangs up. 102 and 103 talk at last."
)
def xfer_blind_by_caller(office: Driver) -> None:
    a, b, c = (office.phone(number) for number in ("101", "102", "103"))
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    a.blind_transfer("103")
    c.answer()
    a.over()
    office.passes()
    c.hang_up()
    b.over()


@scenario(
    "A client talks with 101; 101 transfers blindly to 102, who does not answer for three seconds: the client is lost."
)
def xfer_blind_no_answer(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.ring_seconds(3)
    office.passes()
    a.blind_transfer("102")
    b.rings()
    a.over()
    client.over()


@scenario("A client talks with 101; 101 transfers blindly to the queue 90, where 102 answers; the client hangs up.")
def xfer_blind_to_queue(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    a.blind_transfer("90")
    b.answer()
    office.passes()
    client.hang_up()
    b.over()


@scenario("101 calls 102; 102 transfers 101 blindly to an outside number, which answers; 101 hangs up.")
def xfer_blind_to_outside(office: Driver) -> None:
    a, b, client = (office.phone(number) for number in ("101", "102", "trunk"))
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    b.blind_transfer(OUTSIDE)
    client.answer()
    b.over()
    office.passes()
    a.hang_up()
    client.over()


@scenario("101 calls 102, who presses #1 103: a blind transfer by the PBX's own feature; 103 answers; 101 hangs up.")
def xfer_blind_by_feature_code(office: Driver) -> None:
    a, b, c = (office.phone(number) for number in ("101", "102", "103"))
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    b.dtmf("#1")
    office.passes(1.5)
    b.dtmf("103")
    c.answer()
    b.over()
    office.passes()
    a.hang_up()
    c.over()


@scenario(
    "A client talks with 101; AMI BlindTransfer of the leg of 101 sends the client to 103, who answers. Answered."
)
def xfer_blind_by_ami(office: Driver) -> None:
    client, a, c = (office.phone(number) for number in ("trunk", "101", "103"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    office.action("BlindTransfer", Channel=office.channel("101"), Context="internal", Exten="103")
    c.answer()
    a.over()
    office.passes()
    client.hang_up()
    c.over()


@scenario("A client talks with 101; AMI Redirect of the client's channel sends it to 103, who answers; 101 is cleared.")
def xfer_by_ami_redirect(office: Driver) -> None:
    client, a, c = (office.phone(number) for number in ("trunk", "101", "103"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    office.action("Redirect", Channel=office.channel("trunk"), Context="internal", Exten="103", Priority="1")
    a.over()
    c.answer()
    office.passes()
    c.hang_up()
    client.over()


@scenario(
    "A client rings at 101; before an answer AMI Redirect sends the client to 103, who answers; the client hangs up."
)
def redirect_while_ringing(office: Driver) -> None:
    client, a, c = (office.phone(number) for number in ("trunk", "101", "103"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.rings()
    office.passes()
    office.action("Redirect", Channel=office.channel("trunk"), Context="internal", Exten="103", Priority="1")
    a.over()
    c.answer()
    client.talks()
    office.passes()
    client.hang_up()
    c.over()


@scenario(
    "A client talks with 101; 101 holds, calls 102, announces, joins both (REFER with Replaces). 102 hangs up last."
)
def xfer_attended_by_callee(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    first = a.answer()
    client.talks()
    a.hold(first)
    second = a.call("102")
    b.answer()
    a.talks(second)
    office.passes()
    a.attended_transfer(first, second)
    a.over()
    office.passes()
    b.hang_up()
    client.over()


@scenario("101 calls 102, 102 answers; 101 holds, calls 103, announces, joins both: 102 and 103 talk. 102 hangs up.")
def xfer_attended_by_caller(office: Driver) -> None:
    a, b, c = (office.phone(number) for number in ("101", "102", "103"))
    first = a.call("102")
    b.answer()
    a.talks(first)
    a.hold(first)
    second = a.call("103")
    c.answer()
    a.talks(second)
    office.passes()
    a.attended_transfer(first, second)
    a.over()
    office.passes()
    b.hang_up()
    c.over()


@scenario("101 talks with an outside number, holds it, calls 102, announces, joins the two the other way round.")
def xfer_attended_from_the_consultation(office: Driver) -> None:
    a, b, client = (office.phone(number) for number in ("101", "102", "trunk"))
    first = a.call(OUTSIDE)
    client.answer()
    a.talks(first)
    a.hold(first)
    second = a.call("102")
    b.answer()
    a.talks(second)
    office.passes()
    a.attended_transfer(second, first)
    a.over()
    office.passes()
    client.hang_up()
    b.over()


@scenario(
    "A client talks with 101; 101 holds, calls an outside colleague, joins both outside parties. The client hangs up."
)
def xfer_attended_to_outside(office: Driver) -> None:
    client, a = office.phone("trunk"), office.phone("101")
    inbound = client.call("74951112244", clid=CLIENT, name="Client One")
    first = a.answer()
    client.talks(inbound)
    a.hold(first)
    second = a.call(OUTSIDE)
    outbound = client.answer()
    a.talks(second)
    office.passes()
    a.attended_transfer(first, second)
    a.over()
    office.passes()
    client.hang_up(inbound)
    client.over(outbound)


@scenario("A client talks with 101; 101 holds, calls 102, who does not want the call; 101 goes back to the client.")
def xfer_attended_cancelled(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    first = a.answer()
    client.talks()
    a.hold(first)
    second = a.call("102")
    b.answer()
    a.talks(second)
    office.passes()
    a.hang_up(second)
    b.over()
    a.unhold(first)
    office.passes()
    client.hang_up()
    a.over()


@scenario(
    "A client talks with 101; 101 holds, calls 102, joins both while 102 rings (blonde). 102 answers; the client ends."
)
def xfer_blonde(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    first = a.answer()
    client.talks()
    a.hold(first)
    second = a.call("102")
    a.hears_ringing()
    b.rings()
    a.attended_transfer(first, second)
    a.over()
    b.answer()
    office.passes()
    client.hang_up()
    b.over()


@scenario(
    "The same blonde transfer, but 102 does not answer within four seconds: the client is cleared. Answered by 101."
)
def xfer_blonde_no_answer(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    first = a.answer()
    client.talks()
    office.ring_seconds(4)
    a.hold(first)
    second = a.call("102")
    a.hears_ringing()
    b.rings()
    a.attended_transfer(first, second)
    a.over()
    client.over()
    b.over()


@scenario(
    "A client talks with 101, who presses *2 102: the PBX calls 102, 102 answers, 101 hangs up, the two are joined."
)
def xfer_attended_by_feature_code(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    a.dtmf("*2")
    office.passes(1.5)
    a.dtmf("102")
    b.answer()
    office.passes()
    a.hang_up()
    office.saw("AttendedTransfer")
    office.passes()
    client.hang_up()
    b.over()


@scenario("A client talks with 101; AMI Atxfer calls 102 for 101, 102 answers, 101 hangs up, the two are joined.")
def xfer_attended_by_ami(office: Driver) -> None:
    client, a, b = (office.phone(number) for number in ("trunk", "101", "102"))
    client.call("74951112244", clid=CLIENT, name="Client One")
    a.answer()
    client.talks()
    office.passes()
    office.action("Atxfer", Channel=office.channel("101"), Context="internal", Exten="102")
    b.answer()
    office.passes()
    a.hang_up()
    office.saw("AttendedTransfer")
    office.passes()
    client.hang_up()
    b.over()


@scenario(
    "101 calls 102, blind transfer by 102 to 103, who answers and transfers blindly to 104, who answers. 101 hangs up."
)
def xfer_blind_twice(office: Driver) -> None:
    a, b, c, d = (office.phone(number) for number in ("101", "102", "103", "104"))
    a.call("102")
    b.answer()
    a.talks()
    office.passes()
    b.blind_transfer("103")
    c.answer()
    b.over()
    office.passes()
    c.blind_transfer("104")
    d.answer()
    c.over()
    office.passes()
    a.hang_up()
    d.over()
