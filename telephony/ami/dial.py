"""Opens the TCP or TLS connection and says in one code why that did not work."""

import asyncio
import errno
import re
import socket
import ssl
from typing import Final

from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.client import LinkManager, LinkProtocol
from telephony.ami.reasons import Reason

# OpenSSL's X509_V_ERR_*: what is wrong with a certificate
_CERTIFICATE: Final = {
    9: Reason.TLS_EXPIRED,
    10: Reason.TLS_EXPIRED,
    62: Reason.TLS_WRONG_HOST,
    64: Reason.TLS_WRONG_HOST,
}
_PLAIN_ANSWER: Final = {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}
_ERRNO: Final = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ETIMEDOUT: Reason.CONNECT_TIMEOUT,
}


class ConnectFailed(Exception):  # noqa: N818 - named by what happened
    """There is no usable connection."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


async def dial(manager: LinkManager, account: AmiAccount, timings: LinkTimings) -> None:
    """Connect `manager` and wait for Asterisk's greeting. Raises ConnectFailed."""
    tls = tls_context(account) if account.tls else None
    try:
        async with asyncio.timeout(timings.connect):
            await asyncio.get_running_loop().create_connection(
                lambda: LinkProtocol(manager),
                account.host,
                account.port,
                ssl=tls,
                server_hostname=(account.tls_hostname or account.host) if tls else None,
                ssl_handshake_timeout=timings.greeting if tls else None,
            )
    except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA cannot encode
        raise ConnectFailed(classify(error)) from error
    reason = await _greeting(manager, timings.greeting)
    if reason in (Reason.SILENT, Reason.CLOSED_EARLY) and not tls and await _speaks_tls(account, timings.greeting):
        reason = Reason.TLS_EXPECTED
    if reason:
        manager.drop(reason)
        raise ConnectFailed(reason)


def tls_context(account: AmiAccount) -> ssl.SSLContext:
    """The account's idea of whom to trust. Raises ConnectFailed if the CA file cannot be used."""
    try:
        context = ssl.create_default_context(cafile=account.tls_ca_file or None)
    except OSError as error:  # ssl.SSLError is one
        raise ConnectFailed(Reason.TLS_CA_FILE) from error
    if not account.tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _greeting(manager: LinkManager, seconds: float) -> Reason:
    """Wait for Asterisk's first line; half-way through the silence ask who is there. NONE if it came."""
    await asyncio.wait({manager.greeted}, timeout=seconds / 2)
    if not manager.greeted.done():
        manager.probe()
        await asyncio.wait({manager.greeted}, timeout=seconds / 2)
    if manager.greeting.version:
        return Reason.NONE
    return manager.greeting.failure or Reason.SILENT


async def _speaks_tls(account: AmiAccount, seconds: float) -> bool:
    """Most TLS servers just close on plain text; a handshake tells for certain. Nothing is sent over it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(account.host, account.port, ssl=context)
    except OSError:
        return False
    writer.transport.abort()
    return True


def classify(error: Exception) -> Reason:
    """One code for whatever connecting may raise."""
    match error:
        case ssl.SSLCertVerificationError():
            reason = _CERTIFICATE.get(error.verify_code, Reason.TLS_UNTRUSTED)
        case ssl.SSLError():
            reason = Reason.TLS_NOT_SPOKEN if error.reason in _PLAIN_ANSWER else Reason.TLS_FAILED
        case socket.gaierror() | UnicodeError():
            reason = Reason.HOST_UNKNOWN
        case ConnectionResetError():
            reason = Reason.CLOSED_EARLY
        case ConnectionAbortedError():  # asyncio: no end of the TLS handshake in sight
            reason = Reason.TLS_FAILED
        case TimeoutError(errno=None):  # asyncio.timeout
            reason = Reason.CONNECT_TIMEOUT
        case _:
            reason = _from_errno(error)
    return reason


def _from_errno(error: Exception) -> Reason:
    """asyncio tries every address of a name and joins the errors to one text without errno."""
    own = getattr(error, "errno", None)
    numbers = {own} if own is not None else {int(number) for number in re.findall(r"\[Errno (\d+)\]", str(error))}
    return next((reason for number, reason in _ERRNO.items() if number in numbers), Reason.HOST_UNREACHABLE)
