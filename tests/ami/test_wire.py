"""Bytes → messages: what Asterisk sends, and what it should not."""

import tracemalloc
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

import telephony.ami.wire
from telephony.ami.wire import Message, WireCounts, WireParser

RINGING = (
    "Event: Newstate\r\nPrivilege: call,all\r\nChannel: PJSIP/101-00000001\r\nCallerIDName: Иван Петров\r\n\r\n"
).encode()
RINGING_MESSAGE = {
    "Event": "Newstate",
    "Privilege": "call,all",
    "Channel": "PJSIP/101-00000001",
    "CallerIDName": "Иван Петров",
}
STREAM = b"".join(
    (
        RINGING,
        b"Event: VarSet\r\nVariable: X\r\nValue: 1\r\n\r\n",
        b"Response: Success\r\nActionID: a-1\r\nOutput: one\r\nOutput: \r\nOutput: three\r\n\r\n",
        b"\r\nEvent: Hangup\r\nCause:16\r\nCause-txt: Normal: Clearing\r\nContent: kept\r\nEmpty: \r\n\r\n",
        b"Response: Follows\r\nActionID: a-2\r\nline 1\n\r\n\r\nEvents: none\n--END COMMAND--\r\n\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"Event: Broken\r\nName: \xff\xfe\r\nno colon here\r\n\r\n",
        b"Event: NewExten\r\nData: " + b"x" * 3000 + b"\r\n\r\n",
        b"Event: Single\r\n\r\n",
        RINGING,
    )
)


def read(stream: bytes, parser: WireParser | None = None) -> list[tuple[dict[str, str], dict[str, list[str]]]]:
    """All messages, each with its repeated keys."""
    messages = (parser or WireParser()).feed(stream)
    return [(dict(m), {key: m.all(key) for key in m if len(m.all(key)) > 1}) for m in messages]


def cut(stream: bytes, borders: list[int]) -> list[bytes]:
    edges = [0, *sorted(border % (len(stream) + 1) for border in borders), len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


@given(
    borders=st.lists(st.integers(min_value=0, max_value=10_000), max_size=60), limit=st.sampled_from([100, 2000, 10**6])
)
def test_any_chunking_gives_the_same_messages(borders: list[int], limit: int) -> None:
    whole = WireParser(max_message=limit)
    chunked = WireParser(max_message=limit)
    expected = whole.feed(STREAM)
    got = [message for chunk in cut(STREAM, borders) for message in chunked.feed(chunk)]
    assert got == expected
    assert [m.output for m in got] == [m.output for m in expected]
    assert chunked.counts == whole.counts


def test_byte_by_byte() -> None:
    parser = WireParser()
    assert [m for byte in STREAM for m in parser.feed(bytes([byte]))] == WireParser().feed(STREAM)


@settings(deadline=None)
@given(st.binary(max_size=2000), st.lists(st.integers(min_value=0, max_value=2000), max_size=10))
def test_any_bytes_are_survived_and_the_next_message_is_read(noise: bytes, borders: list[int]) -> None:
    parser = WireParser()
    for chunk in cut(noise, borders):
        parser.feed(chunk)
    parser.feed(b"\r\n\r\n--END COMMAND--\r\n\r\n")
    assert parser.feed(RINGING) == [RINGING_MESSAGE]


headers = st.lists(
    st.tuples(
        st.text(st.characters(exclude_characters=":\r\n", exclude_categories=["Cs"]), min_size=1),
        st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(headers)
def test_every_header_arrives_as_it_was_sent(pairs: list[tuple[str, str]]) -> None:
    telephony.ami.wire._forms.clear()
    pairs = [("Event", "Any"), *pairs]
    block = "\r\n".join(f"{key}: {value}" for key, value in pairs) + "\r\n\r\n"
    for message in WireParser().feed(block.encode() * 2):  # the second by the form of the first
        assert message == Message.from_pairs(pairs)
        assert {key: message.all(key) for key, _ in pairs} == {
            key: [value for other, value in pairs if other == key] for key, _ in pairs
        }


def test_a_letter_cut_by_a_segment_border() -> None:
    parser = WireParser()
    middle = RINGING.index("в".encode()) + 1
    assert parser.feed(RINGING[:middle]) == []
    assert parser.feed(RINGING[middle:]) == [RINGING_MESSAGE]
    assert parser.counts.decode_errors == 0


def test_bytes_that_are_not_utf_8_are_replaced_and_counted() -> None:
    parser = WireParser()
    windows = "Event: X\r\nCallerIDName: Ян\r\nCallerIDNum: 101\r\n\r\n".encode("cp1251")
    assert parser.feed(windows) == [{"Event": "X", "CallerIDName": "\ufffd\ufffd", "CallerIDNum": "101"}]
    assert parser.counts.decode_errors == 1


def test_repeated_keys_first_value_and_all() -> None:
    (message,) = WireParser().feed(
        b"Event: X\r\nChanVariable: A=1\r\nChanVariable: B=2\r\nOne: 1\r\nChanVariable: C=3\r\n\r\n"
    )
    assert message == {"Event": "X", "ChanVariable": "A=1", "One": "1"}
    assert message.all("ChanVariable") == ["A=1", "B=2", "C=3"]
    assert (message.all("One"), message.all("None")) == (["1"], [])


def test_unusual_headers() -> None:
    block = b"Event: X\r\nNoSpace:value: more\r\nContent: c\r\nTwo:  spaces\r\nSip: sip:101@x: y\r\nLast:\r\n\r\n"
    expected = {
        "Event": "X",
        "NoSpace": "value: more",
        "Content": "c",
        "Two": " spaces",
        "Sip": "sip:101@x: y",
        "Last": "",
    }
    assert read(block) == [(expected, {})]
    assert read(block) == [(expected, {})]


def test_a_failed_response_keeps_its_message() -> None:
    block = b"Response: Failure\r\nActionID: 1\r\nMessage: No such channel\r\n\r\n"
    assert read(block) == [({"Response": "Failure", "ActionID": "1", "Message": "No such channel"}, {})]


def test_output_is_always_a_list() -> None:
    head = b"Response: Success\r\nMessage: Command output follows\r\n"
    one, many, none = (
        WireParser().feed(head + lines + b"\r\n")[0].output
        for lines in (b"Output: a\r\n", b"Output: a\r\nOutput: \r\nOutput: b\r\n", b"")
    )
    assert (one, many, none) == (["a"], ["a", "", "b"], [])


def test_the_old_form_of_command_output() -> None:
    block = (
        b"Response: Follows\r\nPrivilege: Command\r\nActionID: 7\r\n"
        b"Name: x\r\n\r\nsecond: y\nActionID: 8\n--END COMMAND--\r\n\r\n"
    )
    parser = WireParser()
    (message,) = parser.feed(block)
    assert (message["Response"], message["ActionID"]) == ("Follows", "7")
    assert message.output == ["Name: x", "", "second: y", "ActionID: 8"]
    assert parser.feed(RINGING) == [RINGING_MESSAGE]


def test_old_output_without_its_end_does_not_swallow_what_follows() -> None:
    parser = WireParser()
    messages = parser.feed(b"Response: Follows\r\nActionID: 7\r\nhalf\r\n\r\n" + RINGING)
    assert messages == [{"Response": "Follows", "ActionID": "7", "Output": "half"}, RINGING_MESSAGE]


def test_old_output_over_the_limit_is_dropped() -> None:
    parser = WireParser(max_message=200)
    messages = parser.feed(b"Response: Follows\r\nActionID: 7\r\n" + b"x: y\r\n\r\n" * 100 + RINGING[:0])
    assert messages == []
    assert parser.feed(RINGING) == [RINGING_MESSAGE]
    assert parser.counts.oversized == 1


def test_unwanted_events_are_skipped_by_name_and_counted() -> None:
    parser = WireParser(wanted=frozenset({"Newstate", "Single"}))
    assert [m.get("Event", "response") for m in parser.feed(STREAM)] == [
        "Newstate",
        "response",
        "response",
        "Single",
        "Newstate",
    ]
    assert (parser.counts.messages, parser.counts.skipped) == (5, 4)


def test_an_unwanted_event_that_carries_the_marker_is_returned() -> None:
    parser = WireParser(wanted=frozenset(), marker=b"ours-")
    listed = b"Event: QueueParams\r\nActionID: ours-1\r\nQueue: sales\r\n\r\n"
    assert parser.feed(listed + RINGING + b"Event:Odd\r\nActionID: ours-2\r\n\r\n") == [
        {"Event": "QueueParams", "ActionID": "ours-1", "Queue": "sales"},
        {"Event": "Odd", "ActionID": "ours-2"},
    ]


def test_a_line_of_ten_megabytes_is_dropped_without_growing() -> None:
    parser = WireParser(max_message=65536)
    tracemalloc.start()
    try:
        parser.feed(b"Event: Big\r\nValue: ")
        for _ in range(160):
            parser.feed(b"x" * 65536)
        parser.feed(b"\r\nOther: 1\r\n\r\n")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert parser.feed(RINGING) == [RINGING_MESSAGE]
    assert parser.counts == WireCounts(bytes=19 + 160 * 65536 + 14 + len(RINGING), messages=1, oversized=1)


def test_a_message_over_the_limit_within_one_chunk_is_dropped() -> None:
    parser = WireParser(max_message=1000)
    assert (
        parser.feed(RINGING + b"Event: Big\r\nValue: " + b"x" * 1000 + b"\r\n\r\n" + RINGING) == [RINGING_MESSAGE] * 2
    )
    assert parser.counts.oversized == 1


def test_a_long_answer_in_small_chunks_is_searched_once() -> None:
    """2 MB in segments of 1.4 kB; searching the whole buffer each time would take seconds."""
    lines = [f"line {n} of a long output" for n in range(60_000)]
    answer = "".join(f"Output: {line}\r\n" for line in lines).encode()
    stream = b"Response: Success\r\n" + answer + b"\r\n"
    parser = WireParser()
    messages = [m for at in range(0, len(stream), 1400) for m in parser.feed(stream[at : at + 1400])]
    assert [m.output for m in messages] == [lines]


def test_garbage_is_counted() -> None:
    parser = WireParser()
    assert parser.feed(b"\x00\x01\x02\r\n\r\nGET / HTTP/1.0\r\n\r\nFoo: bar\r\n\r\n\r\n\r\n\r\n\r\n") == []
    assert parser.counts.garbage == 5  # two lines without a colon, three blocks that are no message


def test_many_forms_of_one_event_and_many_events() -> None:
    parser = WireParser()
    for round_ in range(2):
        for n in range(2000):
            block = f"Event: E{n % 700}\r\nKey{n}: {round_}\r\nChanVariable(PJSIP/{n}): X={n}\r\n\r\n".encode()
            expected = {"Event": f"E{n % 700}", f"Key{n}": str(round_), f"ChanVariable(PJSIP/{n})": f"X={n}"}
            assert parser.feed(block) == [expected]
    for n in range(20):
        assert parser.feed(f"Event: One\r\nKey{n}: a: b\r\n\r\n".encode()) == [{"Event": "One", f"Key{n}": "a: b"}]
    assert len(telephony.ami.wire._forms) <= telephony.ami.wire.MAX_NAMES
    assert max(len(forms) for forms in telephony.ami.wire._forms.values()) <= telephony.ami.wire.MAX_FORMS
    telephony.ami.wire._forms.clear()


def test_a_value_cannot_add_a_header_by_looking_like_one() -> None:
    parser = WireParser()
    first = b"Event: Form\r\nCallerIDName: x\r\nUniqueid: 1.1\r\n\r\n"
    evil = b"Event: Form\r\nCallerIDName: x: Uniqueid: 6.6 \n Uniqueid: 7.7\r\nUniqueid: 1.1\r\n\r\n"
    bare_return = b"Event: Form\r\nCallerIDName: x\rUniqueid: 6.6\r\nUniqueid: 1.1\r\n\r\n"
    names = [message["CallerIDName"] for message in parser.feed(first + evil + bare_return)]
    assert names == ["x", "x: Uniqueid: 6.6 \n Uniqueid: 7.7", "x\rUniqueid: 6.6"]
    assert {message["Uniqueid"] for message in parser.feed(first + evil + bare_return)} == {"1.1"}
