"""Where a 1C web publication is, and in one code why it could not be read."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import httpx

SERVICE: Final = "/odata/standard.odata"


class Problem(StrEnum):
    """Why the service could not be read. Words: crm/sources/words.py."""

    BAD_ADDRESS = "bad_address"
    HOST_UNKNOWN = "host_unknown"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    LOST = "lost"  # cut in the middle
    DENIED = "denied"  # 401
    FORBIDDEN = "forbidden"  # 403
    NOT_PUBLISHED = "not_published"  # 404
    MOVED = "moved"  # a redirect: log-in and password are not sent on to another address
    SERVER_ERROR = "server_error"
    NOT_ODATA = "not_odata"  # something else answers: a log-in page, another service
    TOO_LARGE = "too_large"
    NOT_SELECTED = "not_selected"  # 404 of one object: it is not in the OData set
    GONE = "gone"  # 404 of one row
    CHANGED = "changed"  # 412: somebody has written the row since it was read
    BAD_JSON = "bad_json"
    REJECTED = "rejected"  # 400 and the like: 1C does not take the request
    NO_METHOD = "no_method"  # 405: the publication does not let anybody write
    NO_SESSION = "no_session"  # 406: no free session or client licence


class NoAccessError(Exception):
    """The service could not be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach the service. `url` as typed."""

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    tls_verify: bool = True


def service_url(text: str) -> str:
    """`host/base`, the base's address or any address within the service → `https://host/base/odata/standard.odata`.

    Without a scheme it is http, as 1C's publications in an office mostly are. Raises NoAccessError(BAD_ADDRESS).
    """
    text = text.strip()
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise NoAccessError(Problem.BAD_ADDRESS) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise NoAccessError(Problem.BAD_ADDRESS)
    if any(ord(character) < 32 or character.isspace() for character in text):
        raise NoAccessError(Problem.BAD_ADDRESS)
    base = unquote(parts.path).partition("/odata/")[0].rstrip("/").removesuffix("/odata")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    address = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme, address, quote(base) + SERVICE, "", ""))


def server_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: who is given the password. Of what is no address: empty."""
    try:
        parts = urlsplit(service_url(url))
    except NoAccessError:
        return "", "", None
    return parts.scheme, parts.hostname or "", parts.port


def judge(response: httpx.Response) -> None:
    """Raises NoAccessError unless it is 200."""
    codes = {401: Problem.DENIED, 403: Problem.FORBIDDEN, 404: Problem.NOT_PUBLISHED}
    status = response.status_code
    if status in codes:
        raise NoAccessError(codes[status])
    if response.is_redirect:
        raise NoAccessError(Problem.MOVED)
    if status >= 500:
        raise NoAccessError(Problem.SERVER_ERROR)
    if status != 200:
        raise NoAccessError(Problem.NOT_ODATA)


def problem_of(error: Exception) -> Problem:
    """What httpx raised, as a code."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 10:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return Problem.TIMEOUT
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Problem.TLS
    if isinstance(error, httpx.ConnectError):
        unknown = any(type(one).__name__ == "gaierror" for one in causes)
        return Problem.HOST_UNKNOWN if unknown else Problem.REFUSED
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError):
        return Problem.BAD_ADDRESS
    return Problem.LOST
