"""Rows of a 1C base over its standard OData interface: read in pages, written under their version.

Each request without a session opens one in 1C and takes a client licence for it: the portal asks for one session,
keeps its cookie, and ends it. A base that does not manage sessions ignores the header.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import httpx
from django.conf import settings

from crm.sources import literals
from crm.sources.answers import Row, SourceError, read_answer, rows_of, told_error
from crm.sources.deadline import Deadline, TimedTransport
from crm.sources.metadata import Fault, Metadata, MetadataError, read_metadata
from crm.sources.odata import Connection, NoAccessError, Problem, judge, problem_of, service_url

PAGE: Final = 500  # rows
CONNECT: Final = 10.0  # seconds
MOST_BYTES: Final = 64 * 1024 * 1024  # of one answer
MOST_ROWS_OF_ONE: Final = 20_000  # a page grows to this when one object alone has more rows than fit
SESSION: Final = "ibsession"
LOST: Final = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, in seconds: for the connection, for a sign of life, for a whole answer."""

    connect: float = CONNECT
    silence: float = 60.0
    whole: float = 180.0
    most_bytes: int = MOST_BYTES

    @classmethod
    def configured(cls) -> "Limits":
        """As the installation wants them."""
        return cls(silence=settings.SOURCE_SILENCE, whole=settings.SOURCE_ANSWER)


class OneC:
    """A context manager: one 1C session from the first request to the end. All methods raise NoAccessError."""

    def __init__(self, connection: Connection, *, limits: Limits | None = None) -> None:
        self._service, self._password = service_url(connection.url), connection.password
        self._limits, self._deadline = limits or Limits.configured(), Deadline()
        self._client = httpx.Client(
            auth=httpx.BasicAuth(connection.username, connection.password) if connection.username else None,
            transport=TimedTransport(self._deadline, verify=connection.tls_verify),
            timeout=httpx.Timeout(self._limits.silence, connect=self._limits.connect),
            headers={"Accept": "application/json", "MaxDataServiceVersion": "3.0"},
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the 1C session: until then it holds a licence. Whether that worked changes nothing for the caller."""
        try:
            if self._client.cookies.get(SESSION):
                self._deadline.begin(self._limits.connect)
                with self._client.stream("GET", f"{self._service}/", headers={"IBSession": "finish"}):
                    pass
        except (httpx.HTTPError, httpx.InvalidURL):
            pass  # 1C ends it by itself after a while
        finally:
            self._client.close()

    def metadata(self) -> Metadata:
        """What the service publishes."""
        self._deadline.begin(self._limits.whole)
        try:
            with self._client.stream(
                "GET", f"{self._service}/$metadata", headers=self._headers({"Accept": "application/xml"})
            ) as response:
                judge(response)
                return read_metadata(self._pieces(response))
        except MetadataError as error:
            too_large = error.fault is Fault.TOO_LARGE
            raise NoAccessError(Problem.TOO_LARGE if too_large else Problem.NOT_ODATA) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise NoAccessError(problem_of(error)) from error

    def rows(  # noqa: PLR0913 - one keyword per option of OData
        self,
        entity: str,
        *,
        select: Sequence[str] = (),
        filter: str = "",
        orderby: str = "",
        top: int | None = None,
        skip: int = 0,
    ) -> list[Row]:
        """One list, as 1C gives it."""
        options = self._options(select=select, filter=filter, orderby=orderby, top=top, skip=skip)
        return rows_of(self._ask("GET", entity, options=options), entity)

    def count(self, entity: str, *, filter: str = "") -> int:
        """How many rows there are."""
        options = {**self._options(filter=filter, top=1), "$inlinecount": "allpages"}
        answer = self._ask("GET", entity, options=options)
        try:
            return int(answer["odata.count"])
        except (KeyError, TypeError, ValueError):
            raise SourceError(Problem.NOT_ODATA, entity) from None

    def pages(  # noqa: PLR0913 - one keyword per option
        self,
        entity: str,
        *,
        select: Sequence[str] = (),
        filter: str = "",
        key: str = "Ref_Key",
        orderby: str = "",
        size: int = PAGE,
        after: str = "",
    ) -> Iterator[list[Row]]:
        """All rows, page by page; no page is empty.

        With a `key` (a reference column): in the order of it, each page behind the last reference of the one before,
        so that rows written meanwhile shift nothing; rows of one reference (a tabular part) are never parted. `after`
        takes up behind that reference. Without (`key=""`): `$skip` over `orderby`, for registers.
        """
        if not key:
            yield from self._skipping(entity, select, filter, orderby, size)
            return
        names = tuple(dict.fromkeys((*select, key))) if select else ()
        wanted = size
        while True:
            behind = f"{literals.name(key)} gt {literals.guid(after)}" if after else ""
            page = self.rows(
                entity,
                select=names,
                filter=literals.all_of([filter, behind]),
                orderby=f"{key} asc" + (f",{orderby}" if orderby else ""),
                top=wanted,
            )
            whole = self._whole_groups(page, key, wanted, entity)
            if not whole and page:  # one object alone fills the page
                if wanted >= MOST_ROWS_OF_ONE:
                    raise SourceError(Problem.TOO_LARGE, entity)
                wanted = min(wanted * 4, MOST_ROWS_OF_ONE)
                continue
            if not whole:
                return
            yield whole
            if len(page) < wanted:
                return
            last = str(whole[-1][key])
            if last == after:
                raise SourceError(Problem.NOT_ODATA, entity)  # 1C does not heed the filter: this would never end
            after, wanted = last, size

    def row(self, entity: str, key: str | Mapping[str, str]) -> Row:
        """One row with its tabular parts; its `DataVersion` is what `patch` takes. Problem.GONE: there is none."""
        return self._ask("GET", entity, literals.key(key), options={"$format": "json"})

    def patch(self, entity: str, key: str | Mapping[str, str], values: Row, etag: str = "") -> Row:
        """Change these columns. With `etag`: only if the row still has that version, else Problem.CHANGED."""
        headers = {"If-Match": etag} if etag else {}
        return self._ask("PATCH", entity, literals.key(key), options={"$format": "json"}, json=values, headers=headers)

    def create(self, entity: str, values: Row) -> Row:
        """A new row: an object of a catalogue or a record of a register."""
        return self._ask("POST", entity, options={"$format": "json"}, json=values)

    def delete(self, entity: str, key: str | Mapping[str, str]) -> None:
        """One record of a register."""
        self._ask("DELETE", entity, literals.key(key), options={"$format": "json"})

    def _skipping(
        self, entity: str, select: Sequence[str], filter_: str, orderby: str, size: int
    ) -> Iterator[list[Row]]:
        done = 0
        while page := self.rows(entity, select=select, filter=filter_, orderby=orderby, top=size, skip=done):
            yield page
            done += len(page)
            if len(page) < size:
                return

    @staticmethod
    def _whole_groups(page: list[Row], key: str, wanted: int, entity: str) -> list[Row]:
        """Without the rows of the last reference when the page is full: more of them may follow."""
        if any(not isinstance(row.get(key), str) for row in page):
            raise SourceError(Problem.NOT_ODATA, entity)
        if len(page) < wanted or "LineNumber" not in page[-1]:
            return page
        last = page[-1][key]
        return [row for row in page if row[key] != last]

    @staticmethod
    def _options(
        *, select: Sequence[str] = (), filter: str = "", orderby: str = "", top: int | None = None, skip: int = 0
    ) -> dict[str, str]:
        options = {"$format": "json"}
        if select:
            options["$select"] = ",".join(map(literals.name, select))
        if filter:
            options["$filter"] = filter
        if orderby:
            options["$orderby"] = orderby
        if top is not None:
            options["$top"] = str(top)
        if skip:
            options["$skip"] = str(skip)
        return options

    def _ask(  # noqa: PLR0913 - one keyword per part of a request
        self,
        method: str,
        entity: str,
        key: str = "",
        *,
        options: Mapping[str, str],
        json: Row | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Row:
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
        url = f"{self._service}/{quote(literals.name(entity))}{quote(key, safe='()=,')}?{query}"
        for attempt in range(2):
            had_session = bool(self._client.cookies.get(SESSION))
            try:
                response, body = self._send(method, url, json, self._headers(headers or {}))
            except LOST as error:  # 1C was restarted, or closed a connection that had nothing to do
                if method != "GET" or attempt:
                    raise SourceError(problem_of(error), entity) from error
                continue
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                raise SourceError(problem_of(error), entity) from error
            except NoAccessError as error:
                raise SourceError(error.problem, entity) from None
            if had_session and not attempt and _forgot_session(response, body):
                self._client.cookies.clear()
                continue
            try:
                return read_answer(response, body, entity)
            except SourceError as error:
                raise SourceError(error.problem, entity, self._unspoken(error.detail)) from None
        raise SourceError(Problem.LOST, entity)

    def _send(
        self, method: str, url: str, json: Row | None, headers: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        self._deadline.begin(self._limits.whole)
        with self._client.stream(method, url, json=json, headers=headers) as response:
            return response, b"".join(self._pieces(response))

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {**more} if self._client.cookies.get(SESSION) else {**more, "IBSession": "start"}

    def _pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """The body, of a bearable size."""
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > self._limits.most_bytes:
                raise NoAccessError(Problem.TOO_LARGE)
            yield piece

    def _unspoken(self, words: str) -> str:
        """1C's words without the password, should it stand in them."""
        return words.replace(self._password, "***") if self._password else words


def _forgot_session(response: httpx.Response, body: bytes) -> bool:
    """The web server's own 400 or 404: it has ended the session meanwhile. Nothing was done."""
    return response.status_code in {400, 404} and told_error(body) is None
