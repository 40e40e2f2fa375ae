"""A stream of AMI events as a busy office makes it: about 563 bytes an event, a fixed number of calls alive.

Each call is what a real Asterisk 22 sends for an answered call between two phones, in its order; with `noise` also the
variables, dialplan steps and device states that make up most of a real stream.
"""

from collections import deque
from collections.abc import Iterator

Event = dict[str, str]

HEAD = {
    "Privilege": "call,all",
    "SequenceNumber": "184467",
    "Timestamp": "1763800000.123456",
    "SystemName": "office-pbx",
}


class Office:
    """Makes calls between extensions 1000, 1001, …; serial numbers go on over all calls."""

    def __init__(self, extensions: int = 2000, *, noise: bool = False) -> None:
        self.extensions, self.noise = extensions, noise
        self._serial = 0
        self._calls = 0

    def number(self, index: int) -> str:
        return str(10000 + index % self.extensions)

    def hints(self) -> tuple[Event, ...]:
        return tuple(
            {
                "Event": "ExtensionStatus",
                "Exten": self.number(index),
                "Context": "hints",
                "Hint": f"PJSIP/{self.number(index)}",
                "Status": "0",
                "StatusText": "Idle",
            }
            for index in range(self.extensions)
        )

    def _event(self, name: str, fields: Event) -> Event:
        return {"Event": name, **HEAD, **fields}

    def _channel(self, number: str, other: str, linked: str, exten: str) -> Event:
        self._serial += 1
        uniqueid = f"1763800000.{self._serial}"
        return {
            "Channel": f"PJSIP/{number}-{self._serial:08x}",
            "ChannelState": "0",
            "ChannelStateDesc": "Down",
            "CallerIDNum": number,
            "CallerIDName": f"User {number}",
            "ConnectedLineNum": other,
            "ConnectedLineName": f"User {other}" if other != "<unknown>" else other,
            "Language": "en",
            "AccountCode": "",
            "Context": "internal",
            "Exten": exten,
            "Priority": "1",
            "Uniqueid": uniqueid,
            "Linkedid": linked or uniqueid,
            "ChanVariable": "ASTPANEL_CALL=",
        }

    def _noise(self, channel: Event, amount: int) -> Iterator[Event]:
        """What a real PBX sends besides. Counted in a minute of calls, variables, CEL, tests with RTCP, and dialplan
        steps are as 4 : 2 : 2 : 1; two thirds of all events are of no use to a call tracker."""
        for index in range(amount if self.noise else 0):
            match index % 9:
                case 0 | 2 | 4 | 6:
                    variable = {"Variable": f"DIALEDPEERNAME{index}", "Value": channel["Channel"]}
                    yield self._event("VarSet", {**channel, **variable})
                case 1 | 5:
                    more = {
                        "EventName": "APP_START",
                        "EventTime": "1763800000",
                        "AMAFlags": "DOCUMENTATION",
                        "Extra": "",
                    }
                    yield self._event("CEL", {**channel, **more, "AppData": "PJSIP/10001,30,tTkK", "Peer": ""})
                case 3 | 7:
                    yield self._event(
                        "RTCPReceived", {**channel, "SSRC": "0x2b5c1d1a", "PT": "200(SR)", "ReportCount": "1"}
                    )
                case _:
                    step = {"Application": "Set", "AppData": f"CDR(field{index})=1", "Extension": "s"}
                    yield self._event("Newexten", {**channel, **step})

    def _hint(self, number: str, status: str, device: str) -> Iterator[Event]:
        yield self._event("DeviceStateChange", {"Device": f"PJSIP/{number}", "State": device})
        yield self._event(
            "ExtensionStatus",
            {"Exten": number, "Context": "hints", "Hint": f"PJSIP/{number}", "Status": status, "StatusText": device},
        )

    def call(self, ring: int = 1) -> list[list[Event]]:
        """One answered call to `ring` phones at once, as [beginning, end]."""
        self._calls += 1
        base = self._calls * (ring + 1)
        a, targets = self.number(base), [self.number(base + 1 + index) for index in range(ring)]
        return [list(self._begin(a, targets)), list(self._finish())]

    def _state(self, channel: Event, state: str, word: str) -> Event:
        channel.update(ChannelState=state, ChannelStateDesc=word)
        return self._event("Newstate", channel)

    def _begin(self, a: str, targets: list[str]) -> Iterator[Event]:
        b = targets[0]
        caller = self._channel(a, "<unknown>", "", b)
        caller.update(ChannelState="4", ChannelStateDesc="Ring")
        yield self._event("Newchannel", caller)
        yield from self._noise(caller, 20)
        yield from self._hint(a, "1", "INUSE") if self.noise else ()
        called = []
        for target in targets:
            channel = self._channel(target, "<unknown>", caller["Linkedid"], "s")
            called.append(channel)
            yield self._event("Newchannel", channel)
            channel.update(ConnectedLineNum=a, ConnectedLineName=f"User {a}", Exten=b)
            yield self._event("NewConnectedLine", channel)
            yield self._event("DialBegin", {**caller, **_dest(channel), "DialString": target})
            yield self._state(channel, "5", "Ringing")
            yield from self._noise(channel, 9)
            yield from self._hint(target, "8", "RINGING") if self.noise else ()
        first, rest = called[0], called[1:]
        yield self._state(first, "6", "Up")
        for channel in rest:
            yield self._event("DialEnd", {**caller, **_dest(channel), "DialStatus": "CANCEL"})
            yield self._event("Hangup", {**channel, "Cause": "26", "Cause-txt": "Answered elsewhere"})
        yield self._event("DialEnd", {**caller, **_dest(first), "DialStatus": "ANSWER"})
        yield self._state(caller, "6", "Up")
        bridge = {
            "BridgeUniqueid": f"c2529b01-3b0c-4f7e-98ca-{self._serial:012x}",
            "BridgeType": "basic",
            "BridgeTechnology": "simple_bridge",
            "BridgeCreator": "<unknown>",
            "BridgeName": "<unknown>",
            "BridgeNumChannels": "0",
            "BridgeVideoSourceMode": "none",
        }
        yield self._event("BridgeCreate", bridge)
        yield self._event("BridgeEnter", {**bridge, **first})
        yield self._event("BridgeEnter", {**bridge, **caller})
        yield from self._noise(caller, 12)
        yield from self._hint(b, "1", "INUSE") if self.noise else ()
        self._open = (a, b, caller, first, bridge)

    def _finish(self) -> Iterator[Event]:
        a, b, caller, first, bridge = self._open
        yield self._event("BridgeLeave", {**bridge, **caller})
        yield self._event("BridgeLeave", {**bridge, **first})
        yield self._event("BridgeDestroy", bridge)
        yield from self._noise(caller, 7)
        yield self._event("Hangup", {**first, "Cause": "16", "Cause-txt": "Normal Clearing"})
        yield self._event("Hangup", {**caller, "Exten": "h", "Cause": "16", "Cause-txt": "Normal Clearing"})
        if self.noise:
            yield from self._hint(a, "0", "NOT_INUSE")
            yield from self._hint(b, "0", "NOT_INUSE")

    def steady(self, live: int, calls: int) -> tuple[list[Event], list[Event], list[Event]]:
        """Events until `live` calls are up; then of `calls` more while as many end; then the end of all."""
        waiting: deque[list[Event]] = deque()
        warm: list[Event] = []
        for _ in range(live):
            begin, end = self.call()
            warm += begin
            waiting.append(end)
        steady: list[Event] = []
        for _ in range(calls):
            begin, end = self.call()
            waiting.append(end)
            steady += [event for pair in _woven(begin, waiting.popleft()) for event in pair]
        return warm, steady, [event for end in waiting for event in end]


def _woven(one: list[Event], other: list[Event]) -> Iterator[list[Event]]:
    for index in range(max(len(one), len(other))):
        yield one[index : index + 1] + other[index : index + 1]


def _dest(channel: Event) -> Event:
    return {f"Dest{key}": value for key, value in channel.items()}


def encode(events: list[Event]) -> bytes:
    """As on the wire."""
    return b"".join(
        ("".join(f"{key}: {value}\r\n" for key, value in event.items()) + "\r\n").encode() for event in events
    )
