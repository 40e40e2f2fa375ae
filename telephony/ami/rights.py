"""What may this account do? ListCommands lists only the actions it has a right to, so the answer is exact.

A missing action means: manager.conf lacks the write class, or the module that brings the action is not loaded.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from telephony.ami import actions
from telephony.ami.errors import ActionFailed
from telephony.ami.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Feature:
    """Something the product offers, the actions it is made of, and a write class that gives them."""

    code: str
    actions: tuple[str, ...]
    write_class: str  # for manager.conf; empty = any account


FEATURES: Final = (
    Feature("channels", ("CoreShowChannels",), "reporting"),
    Feature("version", ("CoreSettings",), "reporting"),
    Feature("hints", ("ExtensionStateList",), "reporting"),
    Feature("devices", ("DeviceStateList",), "reporting"),
    Feature("bridges", ("BridgeList",), ""),
    Feature("queues", ("QueueStatus",), ""),
    Feature("parking", ("ParkedCalls", "Parkinglots"), "call"),
    Feature("originate", ("Originate",), "originate"),
    Feature("hangup", ("Hangup",), "call"),
    Feature("transfer", ("Redirect", "BlindTransfer", "Atxfer"), "call"),
    Feature("park", ("Park",), "call"),
    Feature("variables", ("Setvar", "Getvar"), "call"),
    Feature("queue_members", ("QueueAdd", "QueueRemove", "QueuePause"), "agent"),
    Feature("contacts", ("PJSIPShowContacts",), "system"),
    Feature("answer", ("PJSIPNotify",), "system"),
    Feature("filters", ("Filter",), "system"),
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A feature that does not work with this account, and why."""

    code: str
    actions: tuple[str, ...]  # not allowed, or not there
    write_class: str


@dataclass(frozen=True, slots=True)
class Rights:
    """All that ListCommands and CoreSettings said. `commands` is empty if the PBX did not answer."""

    commands: frozenset[str] = frozenset()
    lacking: tuple[Lacking, ...] = ()
    version: str = ""  # "22.10.1~dfsg+~cs6.16.60671435-1"
    ami_version: str = ""  # "11.0.0"

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of the features that do not work."""
        return tuple(feature.code for feature in self.lacking)


def lacking(commands: Collection[str]) -> tuple[Lacking, ...]:
    """The features for which not all actions are among `commands`."""
    return tuple(
        Lacking(feature.code, absent, feature.write_class)
        for feature in FEATURES
        if (absent := tuple(name for name in feature.actions if name not in commands))
    )


def major_version(version: str) -> int | None:
    """22 of "22.10.1", "certified/20.7-cert3" or "GIT-22-abc"; None if there is none to see."""
    digits = ""
    for character in version:
        if character.isascii() and character.isdigit():
            digits += character
        elif digits:
            break
    return int(digits) if digits else None


async def check_rights(exchange: Exchange, seconds: float) -> Rights:
    """Ask. An account that may not ask for the version gets an empty one. Raises LinkLost, ActionTimeout."""
    answer = await exchange.send(actions.list_commands(), seconds)
    commands = frozenset(answer) - {"Response", "ActionID", "Message"}
    try:
        settings = await exchange.send(actions.core_settings(), seconds)
    except ActionFailed:
        return Rights(commands, lacking(commands))
    version, ami_version = settings.get("AsteriskVersion", ""), settings.get("AMIversion", "")
    return Rights(commands, lacking(commands), version, ami_version)
