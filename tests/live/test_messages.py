"""What a browser may say, and what it may not."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.core.commands import Hangup, Originate, Outcome
from telephony.core.enums import OutcomeKind
from telephony.live import messages
from telephony.live.messages import Ack, Ask, BadMessageError, Join, Ping, decode


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"t": "join", "audiences": ["office", "ext/101", "board", "office"]}', Join(("office", "ext/101", "board"))),
        ('{"t": "ack", "seq": 7}', Ack(7)),
        ('{"t": "ping"}', Ping()),
        (
            '{"t": "command", "id": "c-1", "name": "originate", "args": {"extension": "101", "number": "+7 495"}}',
            Ask("c-1", Originate("101", "+7 495")),
        ),
        (
            '{"t": "command", "id": "x:2", "name": "hangup", "args": {"extension": "101", "call_id": "17.5"}}',
            Ask("x:2", Hangup("101", "17.5")),
        ),
    ],
)
def test_understood(text: str, expected: messages.Inbound) -> None:
    assert decode(text) == expected


BAD = {
    "": "not_json",
    "{": "not_json",
    "[" * 16_000: "not_json",
    '{"t": "ack", "seq": ' + "9" * 5000 + "}": "not_json",
    "[]": "unknown_message",
    '"join"': "unknown_message",
    "null": "unknown_message",
    '{"t": "drop table"}': "unknown_message",
    '{"t": 1}': "unknown_message",
    '{"audiences": ["office"]}': "unknown_message",
    '{"t": "join"}': "bad_fields",
    '{"t": "join", "audiences": "office"}': "bad_fields",
    '{"t": "join", "audiences": []}': "bad_fields",
    '{"t": "join", "audiences": ["office"], "more": 1}': "bad_fields",
    json.dumps({"t": "join", "audiences": ["office"] * 33}): "bad_fields",
    '{"t": "join", "audiences": [1]}': "unknown_audience",
    '{"t": "join", "audiences": [["office"]]}': "unknown_audience",
    '{"t": "join", "audiences": ["Office"]}': "unknown_audience",
    '{"t": "join", "audiences": ["ext/"]}': "unknown_audience",
    '{"t": "join", "audiences": ["ext/101/102"]}': "unknown_audience",
    '{"t": "join", "audiences": ["ext/1\\n2"]}': "unknown_audience",
    json.dumps({"t": "join", "audiences": ["ext/" + "1" * 33]}): "unknown_audience",
    '{"t": "ack"}': "bad_fields",
    '{"t": "ack", "seq": -1}': "bad_fields",
    '{"t": "ack", "seq": true}': "bad_fields",
    '{"t": "ack", "seq": 1.0}': "bad_fields",
    '{"t": "ack", "seq": NaN}': "bad_fields",
    '{"t": "ping", "now": 1}': "bad_fields",
    '{"t": "command", "id": "", "name": "hangup", "args": {}}': "bad_fields",
    '{"t": "command", "id": "a b", "name": "hangup", "args": {}}': "bad_fields",
    '{"t": "command", "id": "\\ud800", "name": "hangup", "args": {}}': "bad_fields",
    json.dumps({"t": "command", "id": "1" * 65, "name": "hangup", "args": {}}): "bad_fields",
    '{"t": "command", "id": 1, "name": "hangup", "args": {}}': "bad_fields",
    '{"t": "command", "id": "1", "name": "reload", "args": {}}': "unknown_command",
    '{"t": "command", "id": "1", "name": "hangup", "args": []}': "bad_fields",
    '{"t": "command", "id": "1", "name": "hangup", "args": {"extension": "101"}}': "bad_fields",
    '{"t": "command", "id": "1", "name": "hangup", "args": {"extension": "1", "call_id": "1\\r\\n"}}': "bad_fields",
    '{"t": "command", "id": "1", "name": "originate", "args": {"extension": "101\\n", "number": "1"}}': "bad_fields",
    '{"t": "command", "id": "1", "name": "originate", "args": {"extension": "101", "number": 102}}': "bad_fields",
    json.dumps(
        {"t": "command", "id": "1", "name": "originate", "args": {"extension": "101", "number": "1" * 65}}
    ): "bad_fields",
    '{"t": "command", "id": "1", "name": "originate", "args": {"extension": "1", "number": "2", "x": 3}}': "bad_fields",
}


@pytest.mark.parametrize("text", BAD, ids=[text[:60] for text in BAD])
def test_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadMessageError) as caught:
        decode(text)
    assert caught.value.reason == BAD[text]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["t", "id", "name", "args", "seq"]), inner),
)


@settings(deadline=None)  # a busy machine is slow
@given(st.text() | JSON.map(json.dumps))
def test_anything_else_raises_only_bad_message(text: str) -> None:
    try:
        decode(text)
    except BadMessageError as bad:
        assert bad.reason  # noqa: PT017 - not raising is right too


def test_frames() -> None:
    result = Outcome(OutcomeKind.REFUSED, "not_supervisor", "<b>\ud800")
    frames = [
        messages.hello(7, 1.5),
        messages.snapshot("office", "g1", 2, {"ext:101": {"name": "Мария"}}),
        messages.delta("office", "g1", 3, {"ext:101": None}),
        messages.refused("board", "not_supervisor", "no"),
        messages.outcome("c1", result, "no"),
        messages.error("bad_fields", "no"),
        messages.pong(2.5),
    ]
    assert [json.loads(frame.text) for frame in frames] == [
        {"t": "hello", "protocol": 1, "user": 7, "now": 1.5},
        {"t": "snapshot", "audience": "office", "epoch": "g1", "seq": 2, "state": {"ext:101": {"name": "Мария"}}},
        {"t": "delta", "audience": "office", "epoch": "g1", "seq": 3, "set": {"ext:101": None}},
        {"t": "refused", "audience": "board", "reason": "not_supervisor", "text": "no"},
        {"t": "outcome", "id": "c1", "kind": "refused", "reason": "not_supervisor", "text": "no", "detail": "<b>?"},
        {"t": "error", "reason": "bad_fields", "text": "no"},
        {"t": "pong", "now": 2.5},
    ]
