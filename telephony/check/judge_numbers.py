"""Hints, devices and phones of the internal numbers in use."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from telephony.check import snippets
from telephony.check.facts import Duty, Facts, HintFacts, NumberFacts
from telephony.check.finding import Finding, Level, Snippet

OFF: Final = frozenset({"UNAVAILABLE", "INVALID"})
NO_SUCH_DEVICE: Final = "INVALID"
UNREACHABLE: Final = frozenset({"Unreachable", "UNREACHABLE"})
MODELS_SHOWN: Final = 12


def registered(number: NumberFacts) -> bool | None:
    """Is some phone of the number there? The devices tell, not the hint: a switch beside it makes a hint "idle"."""
    states = [state for state in number.devices.values() if state and state != "UNKNOWN"]
    return any(state not in OFF for state in states) if states else None


def numbers(facts: Facts) -> Iterator[Finding]:
    """What hinders a number from being seen and called."""
    if facts.hints is None or not facts.numbers:
        return
    problems = list(_problems(facts))
    yield from problems
    if not problems:
        yield Finding("hints_ok", Level.OK, {"count": len(facts.numbers)})
    if facts.context_exists is not False:
        known = [number for number in facts.numbers if not _unknown(facts, number)]
        if lost := [number.number for number in known if number.dialable is False]:
            params = {"numbers": lost, "context": facts.dial_context}
            yield Finding("number_not_dialable", Level.WARNING, params)


def _problems(facts: Facts) -> Iterator[Finding]:
    unknown = [number for number in facts.numbers if _unknown(facts, number)]
    rest = [number for number in facts.numbers if number not in unknown]
    bare = [number for number in rest if not facts.hints_of(number.number)]
    pattern = [number for number in bare if number.pattern_hint]
    missing = [number for number in bare if not number.pattern_hint]
    hinted = [(number, facts.hints_of(number.number)) for number in rest if facts.hints_of(number.number)]
    no_device = [number for number, own in hinted if not any(hint.devices for hint in own)]
    with_device = [(number, own) for number, own in hinted if number not in no_device]
    dead = [number for number, _own in with_device if _all_invalid(number)]
    no_dnd = [number for number, own in with_device if not any(_has_switch(hint) for hint in own)]
    for code, level, found in (
        ("hint_missing", Level.ERROR, missing),
        ("hint_pattern", Level.WARNING, pattern),
        ("hint_without_device", Level.ERROR, no_device),
        ("hint_without_dnd", Level.WARNING, no_dnd),
    ):
        if found:
            yield Finding(code, level, {"numbers": _names(found)}, (_hint_lines(facts, found),))
    if unknown:
        yield Finding("number_unknown", Level.ERROR, {"numbers": _names(unknown)})
    if dead:
        devices = [device for number in dead for device in number.devices]
        yield Finding("hint_device_unknown", Level.ERROR, {"numbers": _names(dead), "devices": devices})


def _names(found: list[NumberFacts]) -> list[str]:
    return [number.number for number in found]


def _unknown(facts: Facts, number: NumberFacts) -> bool:
    """Neither a device, nor a hint, nor a line of the dialplan."""
    no_hint = not facts.hints_of(number.number) and not number.pattern_hint
    return no_hint and number.dialable is not True and _all_invalid(number)


def _all_invalid(number: NumberFacts) -> bool:
    return bool(number.devices) and all(state == NO_SUCH_DEVICE for state in number.devices.values())


def _has_switch(hint: HintFacts) -> bool:
    return any("dnd" in switch.lower() for switch in hint.switches)


def _hint_lines(facts: Facts, found: list[NumberFacts]) -> Snippet:
    """In the context where most hints are; FreePBX keeps one for what people add."""
    contexts = Counter(hint.context for hint in facts.hints or ())
    usual = contexts.most_common(1)[0][0] if contexts else facts.dial_context
    context = "ext-local-custom" if facts.kind == "freepbx" else usual
    return snippets.hints(facts.kind, context, [(number.number, _device(number)) for number in found])


def _device(number: NumberFacts) -> str:
    there = [device for device, state in number.devices.items() if state and state != NO_SUCH_DEVICE]
    return there[0] if there else f"PJSIP/{number.number}"


# --- Phones ---------------------------------------------------------------------------------------------------------
def phones(facts: Facts) -> Iterator[Finding]:
    """Who is registered."""
    states = {number.number: registered(number) for number in facts.numbers}
    own = states.get(facts.own_number)
    if own is not None:
        params = {"number": facts.own_number}
        yield Finding("own_number_on", Level.OK, params) if own else Finding("own_number_off", Level.WARNING, params)
    off = [name for name, there in states.items() if there is False and name != facts.own_number]
    known = [name for name in off if any(name == n.number and not _all_invalid(n) for n in facts.numbers)]
    if known:
        yield Finding("phones_off", Level.INFO, {"numbers": known})
    yield from _contacts(facts)


def _contacts(facts: Facts) -> Iterator[Finding]:
    if facts.contacts is None:
        if facts.main.duty is not Duty.ALL and not any(account.duty is Duty.PHONE for account in facts.accounts):
            name = snippets.SPLIT_NAMES[Duty.PHONE]
            lines = snippets.account(facts.kind, Duty.PHONE, name, address=facts.own_address, version=facts.version)
            yield Finding("contacts_unknown", Level.INFO, lines=(lines,))
        elif facts.main.duty is Duty.ALL:
            write = [*snippets.WRITES[Duty.ALL]]
            lines = snippets.classes(facts.kind, facts.main.username, write=write)
            yield Finding("contacts_unknown", Level.INFO, lines=(lines,))
        return
    if not facts.contacts:
        yield Finding("contacts_none", Level.INFO)
        return
    models = Counter(contact.user_agent or "?" for contact in facts.contacts)
    shown = [f"{model} × {count}" if count > 1 else model for model, count in models.most_common(MODELS_SHOWN)]
    yield Finding("contacts_ok", Level.OK, {"count": len(facts.contacts), "models": shown})
    silent = [contact for contact in facts.contacts if _is_silent(contact.status)]
    if silent:
        names = [f"{contact.number} {contact.user_agent}".strip() for contact in silent]
        yield Finding("contacts_unreachable", Level.WARNING, {"phones": names})


def _is_silent(status: str) -> bool:
    return status.partition(" ")[0] in UNREACHABLE
