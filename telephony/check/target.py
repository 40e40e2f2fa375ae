"""A row of Pbx → what the check needs of it, as values. The row may be one that was never saved."""

from dataclasses import dataclass, replace

from telephony.ami.account import AmiAccount
from telephony.check.facts import Duty
from telephony.gateway.configuration import configuration_of
from telephony.models import Pbx


@dataclass(frozen=True, slots=True)
class Target:
    """One PBX and its accounts by duty, the one that is always connected first."""

    kind: str
    transport: str
    dial_context: str
    http_prefix: str
    accounts: tuple[tuple[Duty, AmiAccount], ...]

    @property
    def main(self) -> AmiAccount:
        """The account that is always connected."""
        return self.accounts[0][1]


def target_of(pbx: Pbx) -> Target:
    """The accounts that are given: one for everything, or one for each duty."""
    main = replace(configuration_of(pbx).account, username=pbx.username, secret=pbx.secret)
    control = replace(main, username=pbx.control_username, secret=pbx.control_secret)
    phone = replace(main, username=pbx.phone_username, secret=pbx.phone_secret)
    accounts = [(Duty.LISTEN if pbx.control_username or pbx.phone_username else Duty.ALL, main)]
    if pbx.control_username:
        accounts.append((Duty.CONTROL, control))
    if pbx.phone_username:
        accounts.append((Duty.PHONE, phone))
    return Target(pbx.kind, pbx.transport, pbx.dial_context, pbx.http_prefix, tuple(accounts))
