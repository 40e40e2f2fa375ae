"""Logs in on a greeted connection."""

from typing import Final

from telephony.ami import actions
from telephony.ami.account import AmiAccount
from telephony.ami.actions import Action
from telephony.ami.dial import ConnectFailed
from telephony.ami.errors import ActionFailed, ActionTimeout, UnsafeValue
from telephony.ami.exchange import Exchange
from telephony.ami.reasons import Reason

# What Asterisk 16 to 22 says. Wrong name, wrong secret and an address outside permit/deny: the same words.
_REFUSALS: Final = {"Authentication failed": Reason.DENIED, "Login Already In Use": Reason.LOGIN_IN_USE}


async def log_in(exchange: Exchange, account: AmiAccount, seconds: float) -> None:
    """Log in, by challenge if the account says so. Raises ConnectFailed, or LinkLost if the connection drops."""
    try:
        await exchange.send(await _login(exchange, account, seconds), seconds)
    except ActionFailed as error:
        raise ConnectFailed(_REFUSALS.get(error.text, Reason.LOGIN_REFUSED)) from error
    except UnsafeValue as error:  # no Asterisk has such a name
        raise ConnectFailed(Reason.DENIED) from error
    except ActionTimeout as error:
        raise ConnectFailed(Reason.LOGIN_TIMEOUT) from error


async def _login(exchange: Exchange, account: AmiAccount, seconds: float) -> Action:
    if not account.challenge:
        return actions.login(account.username, account.secret)
    answer = await exchange.send(actions.challenge(), seconds)
    return actions.login_md5(account.username, account.secret, answer.get("Challenge", ""))
