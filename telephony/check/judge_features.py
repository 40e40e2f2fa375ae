"""Parking, queues, recordings, the web server."""

import re
from collections.abc import Iterator
from typing import Final

from telephony.check import snippets
from telephony.check.facts import Duty, Facts, WebFacts
from telephony.check.finding import Finding, Level

OWN_NAMES: Final = frozenset({"freepbx", "mikopbx", "askozia"})  # these name recordings by a rule of their own
_FINDABLE: Final = re.compile(r"UNIQUEID|LINKEDID|uniqueid|linkedid|CALLFILENAME")


def calls(facts: Facts) -> Iterator[Finding]:
    """What happens to calls."""
    yield from _parking(facts)
    yield from _queues(facts)
    yield from _recording(facts)


def _parking(facts: Facts) -> Iterator[Finding]:
    if facts.lots is None:
        if _could_park(facts):
            missing = snippets.parking(facts.kind, configured=facts.lot_configured)
            yield Finding("parking_missing", Level.WARNING, lines=missing)
        return
    if not facts.lots:
        yield Finding("parking_no_lots", Level.WARNING, lines=snippets.parking(facts.kind, configured=False))
        return
    lots = [f"{lot.name} {lot.start}–{lot.stop}" for lot in facts.lots]
    yield Finding("parking_ok", Level.OK, {"lots": lots})
    if facts.context_exists is False:
        return
    if unheard := [lot.name for lot in facts.lots if lot.dialable is False]:
        lines = snippets.parked_calls(facts.kind, facts.dial_context)
        yield Finding("parking_not_dialable", Level.INFO, {"lots": unheard, "context": facts.dial_context}, (lines,))


def _could_park(facts: Facts) -> bool:
    """An account has the right to ask for lots, and still the PBX does not know the action."""
    wanted = [a for a in facts.accounts if a.duty in (Duty.ALL, Duty.CONTROL) and a.logged_in]
    if any("Parkinglots" in account.commands for account in wanted):
        return False  # the list itself failed
    return any("Hangup" in account.commands and "Setvar" in account.commands for account in wanted)


def _queues(facts: Facts) -> Iterator[Finding]:
    if facts.queues is None:
        return
    if not facts.queues:
        yield Finding("queues_none", Level.INFO)
        return
    yield Finding("queues_ok", Level.OK, {"queues": list(facts.queues)})
    manned = {member.queue for member in facts.members}
    if empty := [queue for queue in facts.queues if queue not in manned]:
        yield Finding("queue_empty", Level.INFO, {"queues": empty})
    ours = {number.number for number in facts.numbers}
    strangers = [member for member in facts.members if ours and member.number not in ours]
    if strangers:
        members = [f"{member.queue}: {member.name or member.interface} ({member.interface})" for member in strangers]
        yield Finding("queue_strangers", Level.WARNING, {"members": members})


def _recording(facts: Facts) -> Iterator[Finding]:
    if facts.dialplan is None:
        return
    names = facts.dialplan.recordings
    if not names:
        yield Finding("recording_none", Level.WARNING, lines=(snippets.recording(facts.kind),))
        return
    lost = [name for name in names if not _FINDABLE.search(name)] if facts.kind not in OWN_NAMES else []
    if lost:
        yield Finding("recording_name", Level.WARNING, {"names": lost}, (snippets.recording(facts.kind),))
    else:
        yield Finding("recording_ok", Level.OK, {"names": list(names)})


def web(facts: Facts) -> Iterator[Finding]:
    """What else the PBX offers over HTTP. What the web server itself lacks, its parts are not blamed for."""
    seen = facts.web
    if seen.enabled is False and facts.transport == "ami":
        there = {"address_set": seen.address_set, "port_set": seen.port_set}
        yield Finding("http_off", Level.WARNING, lines=(snippets.http_on(facts.kind, section=True, **there),))
    elif seen.reachable is False:
        lines = () if seen.enabled else (snippets.http_on(facts.kind, section=False),)
        yield Finding("http_unreachable", Level.WARNING, {"url": seen.url}, lines)
    elif seen.reachable:
        yield from _parts(facts, seen)


def _parts(facts: Facts, seen: WebFacts) -> Iterator[Finding]:
    params = {"url": seen.url}
    if seen.ari is not None:
        lines = snippets.ari_on(facts.kind, section=seen.ari_section)
        yield (
            Finding("recordings_reachable", Level.OK, params)
            if seen.ari
            else Finding("ari_off", Level.WARNING, params, lines)
        )
    if seen.ajam is not None:
        yield (
            Finding("ajam_ok", Level.OK, params)
            if seen.ajam
            else Finding("ajam_off", Level.INFO, params, (snippets.ajam_on(facts.kind),))
        )
    if seen.websocket is not None:
        address = {"url": re.sub(r"\Ahttp", "ws", seen.url) + "/ws"}
        yield (
            Finding("websocket_ok", Level.OK, address)
            if seen.websocket
            else Finding("websocket_off", Level.INFO, address, snippets.websocket_on(facts.kind))
        )
