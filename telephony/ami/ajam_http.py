"""The HTTP below AJAM: one address, the session's cookie, and one code for whatever goes wrong.

Secrets travel in the body only, never in an address; httpx and httpcore, which would log each request and each cookie,
are kept quiet.
"""

import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

import httpx

from telephony.ami.account import AmiAccount
from telephony.ami.dial import ConnectFailed, tls_context
from telephony.ami.reasons import Reason

for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)

CONNECTIONS: Final = 5  # to one PBX at the same time; its `session_limit` is 100 for all
KEEP_ALIVE: Final = 5.0  # seconds; Asterisk closes an idle connection after 15
_STATUS: Final = {
    404: Reason.AJAM_MISSING,
    405: Reason.AJAM_MISSING,
    410: Reason.AJAM_MISSING,
    501: Reason.AJAM_MISSING,
}
_HEADERS: Final = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "text/plain",
    "Accept-Encoding": "identity",  # the bytes are AMI's
    "User-Agent": "astpanel",
}


class HttpFailed(Exception):  # noqa: N818 - named by what happened
    """A request did not get its whole answer. LOST, CONNECT_TIMEOUT, DEAF, or what the status says."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class HttpSession:
    """Posts to `<prefix>/rawman`. Up to five requests may be under way. Raises ConnectFailed if that cannot be."""

    def __init__(self, account: AmiAccount, connect: float) -> None:
        self._url = _address(account)
        self._connect = connect
        self._cookies: dict[str, str] = {}
        self._extensions = {"sni_hostname": account.tls_hostname} if account.tls and account.tls_hostname else {}
        self._client = httpx.AsyncClient(
            verify=tls_context(account) if account.tls else False,  # http: nothing to verify, and no redirect to https
            trust_env=False,  # a proxy of the environment would get the password
            follow_redirects=False,
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEP_ALIVE),
            headers=_HEADERS,
        )

    async def post(self, form: bytes, *, feed: Callable[[bytes], None], patience: float | None) -> None:
        """Pass the answer's bytes to `feed` as they come; at most `patience` seconds may pass without one (None: any).

        Returns at the end of the answer. Raises HttpFailed, also when it was cut.
        """
        try:
            async with self._client.stream(
                "POST",
                self._url,
                content=form,
                headers=self._cookie(),
                timeout=httpx.Timeout(patience, connect=self._connect, pool=None),
                extensions=self._extensions,
            ) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise HttpFailed(_judge(answer.status_code))
                self._keep_cookies(answer)
                async for data in answer.aiter_raw():
                    feed(data)
        except httpx.ConnectTimeout as error:
            raise HttpFailed(Reason.CONNECT_TIMEOUT) from error
        except httpx.TimeoutException as error:
            raise HttpFailed(Reason.DEAF) from error
        except httpx.TransportError as error:
            raise HttpFailed(Reason.LOST) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def _cookie(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"Cookie": pairs} if pairs else {}

    def _keep_cookies(self, answer: httpx.Response) -> None:
        """Asterisk's, and whatever a proxy needs to find the same Asterisk again. They go back as they came."""
        for header in answer.headers.get_list("Set-Cookie"):
            name, equals, value = header.partition(";")[0].strip().partition("=")
            if equals:
                self._cookies[name] = value
        self._client.cookies.clear()  # httpx would send them in a form that Asterisk does not read


def _address(account: AmiAccount) -> httpx.URL:
    prefix = account.http_prefix.strip("/ ")
    path = quote(f"/{prefix}/rawman" if prefix else "/rawman")
    try:
        url = httpx.URL(scheme="https" if account.tls else "http", host=account.host, port=account.port)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ConnectFailed(Reason.HOST_UNKNOWN) from error
    if not url.host:
        raise ConnectFailed(Reason.HOST_UNKNOWN)
    return url.copy_with(raw_path=path.encode())


def _judge(status: int) -> Reason:
    if httpx.codes.is_redirect(status):
        return Reason.HTTP_REDIRECT
    return _STATUS.get(status, Reason.HTTP_ERROR)
