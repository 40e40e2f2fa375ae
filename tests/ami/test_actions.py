"""Commands → bytes, and what is never let through."""

import hashlib
import string
from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.ami import actions
from telephony.ami.errors import UnsafeValue

BUILDERS: list[Callable[[str], actions.Action]] = [
    lambda text: actions.login(text, "secret"),
    lambda text: actions.login("name", text),
    lambda text: actions.login_md5(text, "secret", "1"),
    actions.filter_legacy,
    actions.filter_exclude,
    actions.bridge_info,
    actions.queue_status,
    actions.parked_calls,
    actions.hangup,
    lambda text: actions.redirect("PJSIP/1", text, "100"),
    lambda text: actions.redirect("PJSIP/1", "internal", text),
    lambda text: actions.set_variable("X", text, "PJSIP/1"),
    lambda text: actions.set_variable(text, "1"),
    actions.get_variable,
    lambda text: actions.originate(channel=text, context="c", extension="1"),
    lambda text: actions.originate(channel="PJSIP/1", context="c", extension=text),
    lambda text: actions.originate(channel="PJSIP/1", application="Echo", data=text),
    lambda text: actions.originate(channel="PJSIP/1", context="c", extension="1", caller=text),
    lambda text: actions.originate(channel="PJSIP/1", context="c", extension="1", variables={"X": text}),
    lambda text: actions.originate(channel="PJSIP/1", context="c", extension="1", variables={text: "1"}),
]


def test_the_bytes_of_an_originate() -> None:
    action = actions.originate(
        channel="PJSIP/101",
        context="internal",
        extension="102",
        timeout=20.5,
        caller=actions.caller_id("Иван", "+7 (495) 102"),
        channel_id="call-1",
        other_channel_id="call-1;2",
        variables={"A": "1", "B": 'x,"y"\\'},
    )
    assert actions.encode(action, "id-1").decode() == "\r\n".join(
        (
            "Action: Originate",
            "ActionID: id-1",
            "Channel: PJSIP/101",
            "Context: internal",
            "Exten: 102",
            "Priority: 1",
            "Timeout: 20500",
            "Async: true",
            'CallerID: "Иван" <+7495102>',
            "ChannelId: call-1",
            "OtherChannelId: call-1;2",
            "Variable: A=1",
            'Variable: B=x\\,\\"y\\"\\\\',
            "",
            "",
        )
    )


def test_the_bytes_of_the_others() -> None:
    made = {
        actions.hangup("PJSIP/101-1", 21): "Hangup|Channel: PJSIP/101-1|Cause: 21",
        actions.redirect("C", "internal", "90"): "Redirect|Channel: C|Context: internal|Exten: 90|Priority: 1",
        actions.set_variable("DEVICE_STATE(Custom:DND101)", "BUSY"): (
            "Setvar|Variable: DEVICE_STATE(Custom:DND101)|Value: BUSY"
        ),
        actions.get_variable("X", "C"): "Getvar|Channel: C|Variable: X",
        actions.queue_status("sales"): "QueueStatus|Queue: sales",
        actions.queue_status(): "QueueStatus",
        actions.filter_exclude("VarSet"): "Filter|Operation: Add|MatchCriteria: action(exclude),name(VarSet)",
        actions.logoff(): "Logoff",
    }
    for action, text in made.items():
        name, *lines = text.split("|")
        expected = "".join(f"{line}\r\n" for line in (f"Action: {name}", "ActionID: 7", *lines, ""))
        assert actions.encode(action, "7").decode() == expected


def test_the_answer_to_a_challenge() -> None:
    key = dict(actions.login_md5("astpanel", "s3cret", "125065091").fields)["Key"]
    assert key == hashlib.md5(b"125065091s3cret", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("bad", ["\r", "\n", "\r\n", "\0", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("build", BUILDERS)
def test_control_characters_are_refused(build: Callable[[str], actions.Action], bad: str) -> None:
    with pytest.raises(UnsafeValue) as caught:
        build(f"secret{bad}Action: Command")
    assert "secret" not in str(caught.value).replace(caught.value.field, "")


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(BUILDERS))
def test_whatever_the_text_one_action_goes_out(text: str, build: Callable[[str], actions.Action]) -> None:
    try:
        action = build(text)
    except UnsafeValue:
        return
    wire = actions.encode(action, "id-1")
    assert wire.count(b"\r\n\r\n") == 1
    assert wire.endswith(b"\r\n\r\n")
    assert wire.count(b"\r") == wire.count(b"\n") == len(action.fields) + 3


def test_lengths() -> None:
    longest = "x" * (actions.MAX_LINE - len("Channel: "))
    assert actions.hangup(longest).fields[0] == ("Channel", longest)
    for text in (longest + "x", "ж" * 600):
        with pytest.raises(UnsafeValue, match="Channel: longer than 1000 bytes"):
            actions.hangup(text)
    with pytest.raises(UnsafeValue, match="more than 120 headers"):
        actions.originate(channel="C", context="c", extension="1", variables={f"V{n}": "1" for n in range(121)})


def test_text_that_is_not_unicode() -> None:
    with pytest.raises(UnsafeValue, match="Channel: not valid Unicode"):
        actions.hangup("\ud800")


def test_an_action_does_not_show_its_secret() -> None:
    assert repr(actions.login("astpanel", "s3cret")) == "<Action Login>"


@given(st.text(), st.text())
def test_a_caller_id_cannot_be_broken_out_of(name: str, number: str) -> None:
    text = actions.caller_id(name, number)
    assert (text.count('"'), text.count("<"), text.count(">")) == (2, 1, 1)


def test_over_http_an_action_is_a_form() -> None:
    action = actions.originate(
        channel="PJSIP/101",
        context="internal",
        extension="102",
        caller=actions.caller_id("Иван & Ко=%41+", "101"),
        variables={"FIRST": "a,b", "SECOND": ""},
    )
    form = actions.encode_form(action, "id-1").decode()
    assert parse_qsl(form, keep_blank_values=True, strict_parsing=True) == [
        ("Action", "Originate"),
        ("ActionID", "id-1"),
        *action.fields,
    ]
    assert set(form) <= set(string.ascii_letters + string.digits + "%=&-._~")
    assert actions.encode_form(actions.wait_event(10), "poll") == b"Action=WaitEvent&ActionID=poll&Timeout=10"
