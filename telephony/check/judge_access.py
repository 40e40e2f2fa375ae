"""Log-in, version, rights, clock."""

from collections.abc import Iterable, Iterator
from typing import Final

from telephony.ami.reasons import Reason
from telephony.ami.rights import FEATURES as AMI_FEATURES
from telephony.ami.rights import Feature
from telephony.check import snippets, versions
from telephony.check.facts import AccountFacts, Duty, Facts
from telephony.check.finding import Finding, Level, Snippet
from telephony.check.hidden import hidden_by

CLOCK_SECONDS: Final = 5.0  # a difference that is worth a warning
NEVER_ASKED_FOR: Final = frozenset({"filters"})  # a saving only
OPTIONAL: Final = frozenset({"contacts", "answer", "queue_members"})
PARKING: Final = frozenset({"parking", "park"})  # has findings of its own
NEEDED_READS: Final = {
    Duty.ALL: ("call", "agent", "user", "system"),
    Duty.LISTEN: ("call", "agent", "user", "system"),
    Duty.CONTROL: ("call",),
    Duty.PHONE: (),
}
NOISY: Final = ("all", "dialplan", "cdr", "cel", "dtmf", "test", "verbose", "agi", "log", "aoc", "cc", "message")
_DUTY_OF_CLASS: Final = {"reporting": Duty.LISTEN, "": Duty.LISTEN, "system": Duty.PHONE}


def access(facts: Facts) -> list[Finding]:
    """Everything about the door."""
    found = [_log_in_failed(facts, account) for account in facts.accounts if not account.logged_in]
    if not facts.connected:
        return found
    accounts = [account.username for account in facts.accounts if account.logged_in]
    found.append(Finding("connected", Level.OK, {"version": facts.version or "?", "accounts": accounts}))
    found += _version(facts)
    found += _rights(facts)
    for account in facts.accounts:
        if account.logged_in:
            found += _events(facts, account)
    found += _surroundings(facts)
    return found


def _log_in_failed(facts: Facts, account: AccountFacts) -> Finding:
    params = {"account": account.username, "duty": account.duty.value, "reason": account.reason.value}
    return Finding("login_failed", Level.ERROR, params, _door_lines(facts, account))


def _door_lines(facts: Facts, account: AccountFacts) -> tuple[Snippet, ...]:
    """What opens the door, where lines of the PBX's configuration can."""
    over_http = facts.transport == "ajam"
    match account.reason:
        case Reason.DENIED:
            duty, name = account.duty, account.username
            return (snippets.account(facts.kind, duty, name, address=facts.own_address, version=facts.version),)
        case Reason.REFUSED | Reason.CONNECT_TIMEOUT if over_http:
            return (snippets.http_on(facts.kind, section=False), snippets.ajam_on(facts.kind))
        case Reason.REFUSED | Reason.CONNECT_TIMEOUT:
            return (snippets.manager_on(facts.kind),)
        case Reason.AJAM_MISSING:
            return (snippets.ajam_on(facts.kind),)
    return ()


def _version(facts: Facts) -> Iterator[Finding]:
    if not facts.version:
        return
    version = versions.parse(facts.version)
    if "Originate" in facts.commands and versions.can_run_code(version):
        yield Finding("version_dangerous", Level.WARNING, {"version": facts.version})
    if day := versions.ended(version, facts.at.date()):
        yield Finding("version_ended", Level.WARNING, {"version": facts.version, "day": day.isoformat()})


# --- Rights ---------------------------------------------------------------------------------------------------------
def _rights(facts: Facts) -> Iterator[Finding]:
    absent: dict[str, list[Feature]] = {}  # account → what it cannot do
    unloaded: list[Feature] = []
    for feature in AMI_FEATURES:
        if feature.code in NEVER_ASKED_FOR or facts.commands.issuperset(feature.actions):
            continue
        account = _account_for(facts, feature.write_class)
        if account is None or not account.logged_in:
            continue  # there is no such account, which is said elsewhere
        if _has_class(account, feature.write_class):
            unloaded += [] if feature.code in PARKING else [feature]
        elif feature.code not in OPTIONAL or feature.write_class != "system" or account.duty is Duty.PHONE:
            absent.setdefault(account.username, []).append(feature)
    for username, features in absent.items():
        yield _right_missing(facts, next(a for a in facts.accounts if a.username == username), features)
    if unloaded:
        yield _module_missing(facts, unloaded)


def _account_for(facts: Facts, write_class: str) -> AccountFacts | None:
    """Whose task it is: the one account's, or that of the account with this duty."""
    if facts.main.duty is Duty.ALL:
        return facts.main
    duty = _DUTY_OF_CLASS.get(write_class, Duty.CONTROL)
    return next((account for account in facts.accounts if account.duty is duty), None)


def _has_class(account: AccountFacts, write_class: str) -> bool:
    """Only where manager.conf could be read; else a missing action is taken for a missing right."""
    if not write_class:
        return True
    return account.writes is not None and not account.writes.isdisjoint({write_class, "all"})


def _right_missing(facts: Facts, account: AccountFacts, features: list[Feature]) -> Finding:
    lacking = list(dict.fromkeys(feature.write_class for feature in features))
    level = Level.WARNING if all(feature.code in OPTIONAL for feature in features) else Level.ERROR
    has = account.writes or frozenset(snippets.WRITES[account.duty])
    order = ("call", "originate", "agent", "reporting", "system")
    write = [name for name in order if name in {*has, *lacking}] + sorted(has - set(order))
    params = {"account": account.username, "classes": lacking, "features": [feature.code for feature in features]}
    return Finding("right_missing", level, params, (snippets.classes(facts.kind, account.username, write=write),))


def _module_missing(facts: Facts, features: list[Feature]) -> Finding:
    actions = [name for feature in features for name in feature.actions if name not in facts.commands]
    params = {"features": [feature.code for feature in features], "actions": actions}
    return Finding("module_missing", Level.WARNING, params)


# --- Events ---------------------------------------------------------------------------------------------------------
def _events(facts: Facts, account: AccountFacts) -> Iterator[Finding]:
    needed = NEEDED_READS[account.duty]
    if account.reads is not None:
        lacking = [name for name in needed if name not in account.reads and "all" not in account.reads]
        if lacking:
            level = Level.ERROR if "call" in lacking else Level.WARNING
            yield _reads(facts, account, "read_missing", level, lacking)
        too_much = [name for name in NOISY if name in account.reads]
        if too_much and not account.filters and "Filter" not in account.commands:
            yield _reads(facts, account, "reads_too_much", Level.INFO, too_much)
    if account.duty in (Duty.ALL, Duty.LISTEN) and (hidden := hidden_by(account.filters)):
        params = {"account": account.username, "filters": list(account.filters), "events": list(hidden)}
        yield Finding("filters_hide", Level.ERROR, params)


def _reads(facts: Facts, account: AccountFacts, code: str, level: Level, classes: Iterable[str]) -> Finding:
    lines = (snippets.classes(facts.kind, account.username, read=NEEDED_READS[account.duty]),)
    return Finding(code, level, {"account": account.username, "classes": list(classes)}, lines)


# --- Around it ------------------------------------------------------------------------------------------------------
def _surroundings(facts: Facts) -> Iterator[Finding]:
    if facts.context_exists is False:
        contexts = facts.dialplan.contexts if facts.dialplan else frozenset()
        shown = sorted(name for name in contexts if not name.startswith("__"))
        yield Finding("context_missing", Level.ERROR, {"context": facts.dial_context, "contexts": shown})
    if facts.clock_ahead is not None and abs(facts.clock_ahead) > CLOCK_SECONDS:
        yield Finding("clock_differs", Level.WARNING, {"seconds": round(facts.clock_ahead)})
    if facts.channelvars:
        yield Finding("channelvars", Level.INFO, {"value": facts.channelvars})
    if facts.main.duty is Duty.ALL and facts.kind in ("asterisk", "freepbx"):
        lines = snippets.split_accounts(facts.kind, address=facts.own_address, version=facts.version)
        yield Finding("one_account", Level.INFO, {"account": facts.main.username}, (lines,))
