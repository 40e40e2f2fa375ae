"""The result of a check, for those who asked for it."""

from dataclasses import dataclass
from typing import Final

from telephony.ami.reasons import Reason
from telephony.check.facts import ContactFacts, Facts
from telephony.check.finding import Finding, Level, worst
from telephony.check.findings import findings
from telephony.check.judge_numbers import registered

# Which field of Pbx a failed log-in points at.
_FIELDS: Final = {
    "host": (Reason.HOST_UNKNOWN, Reason.HOST_UNREACHABLE, Reason.CONNECT_TIMEOUT, Reason.TLS_WRONG_HOST),
    "port": (
        *(Reason.REFUSED, Reason.SILENT, Reason.CLOSED_EARLY, Reason.NOT_ASTERISK),
        *(Reason.HTTP_SERVER, Reason.AMI_PORT, Reason.HTTP_ERROR),
    ),
    "http_prefix": (Reason.AJAM_MISSING, Reason.HTTP_REDIRECT),
    "tls": (Reason.TLS_EXPECTED, Reason.TLS_NOT_SPOKEN, Reason.TLS_FAILED),
    "tls_ca": (Reason.TLS_UNTRUSTED, Reason.TLS_EXPIRED, Reason.TLS_CA_FILE),
}
FIELD_OF: Final = {reason: field for field, reasons in _FIELDS.items() for reason in reasons}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `connected`: the first account is logged in."""

    facts: Facts
    findings: tuple[Finding, ...]

    @property
    def connected(self) -> bool:
        """The PBX accepted the log-in."""
        return self.facts.connected

    @property
    def version(self) -> str:
        """Asterisk's own words."""
        return self.facts.version

    @property
    def level(self) -> Level:
        """The worst of all; `info` counts as ok."""
        return worst(self.findings)

    @property
    def reason(self) -> Reason:
        """Why there is no connection; NONE if there is one."""
        return self.facts.main.reason

    @property
    def field(self) -> str:
        """The field of Pbx to look at when there is no connection: host, port, username, …; empty: none of them."""
        if self.reason in (Reason.DENIED, Reason.LOGIN_IN_USE):
            return "username"
        return FIELD_OF.get(self.reason, "")

    @property
    def contacts(self) -> tuple[ContactFacts, ...] | None:
        """Registered phones; None: not known."""
        return self.facts.contacts

    def registered(self, number: str) -> bool | None:
        """Is a phone of this number there? None: the PBX did not say, or was not asked."""
        return next((registered(known) for known in self.facts.numbers if known.number == number), None)


def report_of(facts: Facts) -> Report:
    """Judge."""
    return Report(facts, findings(facts))
