"""Each defect of panoramisk 1.4 in reading and writing text: first the bare library, then ours (docs/adr/0002)."""

import pytest

from telephony.ami import actions
from telephony.ami.errors import UnsafeValue
from telephony.ami.wire import Message, WireParser
from tests.ami import bare


def ours(block: bytes) -> Message:
    (message,) = WireParser().feed(block)
    return message


def test_a_letter_cut_by_a_segment_border_is_lost() -> None:
    block = "Event: Newstate\r\nCallerIDName: Яна\r\n\r\n".encode()
    parts = block[:32], block[32:]
    assert parts[0].endswith(b"\xd0")  # in the middle of the first letter
    protocol = bare.protocol()
    for part in parts:
        protocol.data_received(part)
    assert protocol.events[0]["CallerIDName"] == "на"

    parser = WireParser()
    assert [message["CallerIDName"] for part in parts for message in parser.feed(part)] == ["Яна"]


def test_bytes_that_are_not_utf_8_vanish() -> None:
    block = "Event: Newstate\r\nCallerIDName: Яна X\r\n\r\n".encode("cp1251")
    protocol = bare.protocol()
    protocol.data_received(block)
    assert protocol.events[0]["CallerIDName"] == " X"

    assert ours(block)["CallerIDName"] == "\ufffd\ufffd\ufffd X"


def test_repeated_keys_collapse_in_the_middle_of_a_case_insensitive_store() -> None:
    block = b"Event: X\r\nChanVariable: A=1\r\nchanvariable: B=2\r\nCHANVARIABLE: C=3\r\n\r\n"
    assert bare.parse(block)["ChanVariable"] == "C=3"

    message = ours(block)
    assert (message["ChanVariable"], message["chanvariable"], message["CHANVARIABLE"]) == ("A=1", "B=2", "C=3")


def test_a_single_repeated_key_is_no_list() -> None:
    block = b"Event: X\r\nChanVariable: A=1\r\n\r\n"
    with pytest.raises(TypeError):
        bare.parse(block).getdict("ChanVariable")

    assert ours(block).all("ChanVariable") == ["A=1"]


def test_three_repeated_keys() -> None:
    block = b"Event: X\r\nChanVariable: A=1\r\nChanVariable: B=2\r\nChanVariable: C=3\r\n\r\n"
    assert isinstance(bare.parse(block)["ChanVariable"], list)  # now a list, with one key a string

    message = ours(block)
    assert (message["ChanVariable"], message.all("ChanVariable")) == ("A=1", ["A=1", "B=2", "C=3"])


def test_an_empty_last_header_is_lost() -> None:
    block = b"Event: X\r\nAccountCode: \r\n\r\n"
    assert "AccountCode" not in bare.parse(block)

    assert ours(block) == {"Event": "X", "AccountCode": ""}


def test_a_header_without_a_space_is_lost() -> None:
    block = b"Event: UserEvent\r\nCustomer:42\r\n\r\n"
    assert "Customer" not in bare.parse(block)

    assert ours(block) == {"Event": "UserEvent", "Customer": "42"}


def test_a_header_called_content_is_lost() -> None:
    block = b"Event: UserEvent\r\nContent: hello\r\n\r\n"
    assert bare.parse(block)["Content"] == ""

    assert ours(block) == {"Event": "UserEvent", "Content": "hello"}


def test_the_message_of_a_failure_is_mangled() -> None:
    block = b"Response: Failure\r\nActionID: 1\r\nMessage: No such channel\r\n\r\n"
    assert "Message" not in bare.parse(block)

    assert ours(block) == {"Response": "Failure", "ActionID": "1", "Message": "No such channel"}


def test_old_command_output_with_crlf_lines_is_mangled() -> None:
    block = b"Response: Follows\r\nPrivilege: Command\r\nfirst\r\nName: second\r\n--END COMMAND--\r\n\r\n"
    assert bare.parse(block).content == "--END COMMAND--"

    assert ours(block).output == ["first", "Name: second"]


def test_one_line_of_output_is_a_string_and_two_are_a_list() -> None:
    one = b"Response: Success\r\nOutput: a\r\n\r\n"
    two = b"Response: Success\r\nOutput: a\r\nOutput: b\r\n\r\n"
    assert (bare.parse(one)["Output"], bare.parse(two)["Output"]) == ("a", ["a", "b"])

    assert (ours(one).output, ours(two).output) == (["a"], ["a", "b"])


async def test_a_line_break_in_a_value_injects_an_action() -> None:
    evil = "PJSIP/101\r\n\r\nAction: Command\r\nCommand: core stop now"
    protocol = bare.protocol()
    protocol.send({"Action": "Hangup", "Channel": evil})
    assert b"\r\n\r\nAction: Command\r\nCommand: core stop now\r\n" in protocol.transport.written

    with pytest.raises(UnsafeValue) as caught:
        actions.hangup(evil)
    assert (caught.value.field, "core stop" in str(caught.value)) == ("Channel", False)


def test_an_unfinished_message_is_searched_from_its_beginning_with_each_segment() -> None:
    """Counted in bytes looked at, not in seconds: 200 segments of one answer."""
    segments = [b"Output: a line of the answer\r\n" * 40] * 200
    protocol = bare.protocol()
    for segment in segments:
        protocol.data_received(segment)
    assert len(protocol.queue[0]) == sum(map(len, segments))  # joined anew with each, and searched

    parser = WireParser()
    for segment in segments:
        assert parser.feed(segment) == []
    (message,) = parser.feed(b"Response: Success\r\n\r\n")
    assert len(message.output) == 200 * 40
