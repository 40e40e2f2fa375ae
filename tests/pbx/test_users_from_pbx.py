"""Whom a real Asterisk knows: the numbers, names and phones from which users are made."""

import asyncio

import pytest

from telephony.ami.account import AmiAccount
from telephony.ami.dial import ConnectFailed
from telephony.ami.reasons import Reason
from telephony.check.facts import Duty
from telephony.check.people import ask
from telephony.check.target import Target
from tests.pbx.asterisk import Asterisk
from tests.pbx.office import Office
from tests.pbx.portal_data import AMI_ACCOUNT

DESKS = tuple(str(number) for number in range(101, 111))


def target(asterisk: Asterisk, secret: str) -> Target:
    account = AmiAccount(asterisk.host, AMI_ACCOUNT, secret, asterisk.ports.ami)
    return Target("asterisk", "ami", "internal", "", ((Duty.ALL, account),))


def test_numbers_names_and_phones(office: Office, asterisk: Asterisk) -> None:
    found = {entry.number: entry for entry in asyncio.run(ask(target(asterisk, asterisk.secret)))}
    assert {number: found[number].name for number in DESKS} == {number: f"User {number}" for number in DESKS}
    assert [found[number].hint for number in DESKS] == [True] * len(DESKS)
    assert "trunk" not in found
    registered = {number for number in DESKS if found[number].phones}
    assert registered == {"101", "102", "103", "104", "105", "106"}


def test_a_wrong_password_is_a_reason(asterisk: Asterisk) -> None:
    with pytest.raises(ConnectFailed) as caught:
        asyncio.run(ask(target(asterisk, "wrong")))
    assert caught.value.reason is Reason.DENIED
