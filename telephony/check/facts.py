"""What the check has learnt of a PBX, as values. None and empty mean: not known, nothing is concluded from it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from telephony.ami.reasons import Reason


class Duty(StrEnum):
    """What an AMI account is for. One account may do everything."""

    ALL = "all"
    LISTEN = "listen"
    CONTROL = "control"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One AMI account, logged in by itself. `commands`: what ListCommands lists, so what it may do."""

    duty: Duty
    username: str
    reason: Reason = Reason.NONE  # NONE: it is logged in
    commands: frozenset[str] = frozenset()
    version: str = ""
    reads: frozenset[str] | None = None  # read classes of manager.conf, where the PBX tells them
    writes: frozenset[str] | None = None
    filters: tuple[str, ...] = ()  # eventfilter lines of the older spelling

    @property
    def logged_in(self) -> bool:
        """The PBX accepted it."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class HintFacts:
    """One hint of the dialplan."""

    number: str
    context: str
    hint: str  # PJSIP/101&Custom:DND101

    @property
    def devices(self) -> tuple[str, ...]:
        """Its phones: everything but `Custom:` switches and presence (after the comma)."""
        parts = self.hint.partition(",")[0].split("&")
        return tuple(part for part in parts if "/" in part)

    @property
    def switches(self) -> tuple[str, ...]:
        """Its `Custom:` switches."""
        return tuple(part for part in self.hint.partition(",")[0].split("&") if part.lower().startswith("custom:"))


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """One internal number of the portal."""

    number: str
    dialable: bool | None = None  # from the dialling context
    pattern_hint: str = ""  # asked by name it has a hint, but it is not in the list: a pattern such as _1XX
    devices: dict[str, str] = field(default_factory=dict)  # PJSIP/101 → NOT_INUSE, UNAVAILABLE, INVALID, …


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A registered phone: one address of an extension."""

    number: str
    uri: str
    user_agent: str
    status: str


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A parking lot."""

    name: str
    start: str
    stop: str
    timeout: str
    dialable: bool | None = None  # its first slot, from the dialling context


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member of a queue; `number` empty: not an extension's device."""

    queue: str
    name: str
    interface: str
    number: str


@dataclass(frozen=True, slots=True)
class WebFacts:
    """The web server of the PBX, as seen from here. Each part: True works, False does not, None not asked."""

    url: str = ""  # http://pbx:8088, prefix included
    enabled: bool | None = None  # as http.conf says
    address_set: bool = False  # http.conf has a bindaddr
    port_set: bool = False  # and a bindport
    prefix: str = ""
    reachable: bool | None = None
    ajam: bool | None = None
    webenabled: bool | None = None  # as manager.conf says
    ari: bool | None = None
    ari_section: bool = False  # ari.conf has a [general] section
    websocket: bool | None = None


@dataclass(frozen=True, slots=True)
class DialplanFacts:
    """What ShowDialPlan tells: where calls are recorded, and in which contexts."""

    contexts: frozenset[str] = frozenset()
    recordings: tuple[str, ...] = ()  # arguments of MixMonitor
    hint_contexts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything. After a failed log-in of the first account only `accounts` says something."""

    accounts: tuple[AccountFacts, ...]
    at: datetime  # the portal's clock
    kind: str = "asterisk"  # Pbx.Kind
    transport: str = "ami"
    dial_context: str = "internal"
    context_exists: bool | None = None
    own_address: str = ""  # the portal's, towards the PBX; a NAT between would show another
    own_number: str = ""
    clock_ahead: float | None = None  # seconds by which the PBX's clock is ahead of the portal's
    channelvars: str = ""
    hints: tuple[HintFacts, ...] | None = None
    numbers: tuple[NumberFacts, ...] = ()
    contacts: tuple[ContactFacts, ...] | None = None
    contacts_complete: bool = False  # all that are registered, not only those of the numbers asked for
    lots: tuple[LotFacts, ...] | None = None
    lot_configured: bool = False  # res_parking.conf has a lot, whether the module is loaded or not
    queues: tuple[str, ...] | None = None
    members: tuple[MemberFacts, ...] = ()
    dialplan: DialplanFacts | None = None
    web: WebFacts = WebFacts()

    @property
    def main(self) -> AccountFacts:
        """The account that is always connected."""
        return self.accounts[0]

    @property
    def connected(self) -> bool:
        """Something could be learnt."""
        return self.main.logged_in

    @property
    def commands(self) -> frozenset[str]:
        """What any of the accounts may do."""
        return frozenset().union(*(account.commands for account in self.accounts))

    @property
    def version(self) -> str:
        """Asterisk's own."""
        return next((account.version for account in self.accounts if account.version), "")

    def hints_of(self, number: str) -> tuple[HintFacts, ...]:
        """All hints of a number, whatever their context."""
        return tuple(hint for hint in self.hints or () if hint.number == number)
