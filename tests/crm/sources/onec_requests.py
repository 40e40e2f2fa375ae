"""Requests of the OData service and their answers, as 1C gives them: lists, rows, writing, errors with their codes."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar, Final
from urllib.parse import unquote

from tests.crm.sources.onec_base import LINE, NOBODY, PART, TEXT, Base, Row, Table
from tests.crm.sources.onec_edmx import document
from tests.crm.sources.onec_filter import BadFilterError, compile_filter, order_of
from tests.crm.sources.onec_writing import WriteError, create, delete, patch

SERVICE: Final = "odata/standard.odata"
JSON: Final = "application/json;odata=minimalmetadata;charset=utf-8"
CURSOR: Final = re.compile(r"Ref_Key gt guid'([^']*)'")
NO_RIGHT, NO_TYPE, NO_ROW = "Нарушение прав доступа!", "Тип сущности не найден", "Экземпляр сущности не найден"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    status: int
    body: bytes = b""
    type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class ODataError(Exception):
    """1C's own words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        said = {"odata.error": {"code": code, "message": {"lang": "ru", "value": words}}}
        self.answer = Answer(status, json.dumps(said, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Request:
    """`foreign`: not of this service at all."""

    method: str
    entity: str
    key: dict[str, str]
    options: dict[str, str]
    values: Row
    etag: str | None
    told: str
    foreign: bool = False
    OPTIONS: ClassVar = ("$format", "$filter", "$select", "$orderby", "$top", "$skip", "$inlinecount", "$allowedOnly")


def parse(method: str, target: str, base: str, body: bytes, etag: str | None) -> Request:
    """The address taken apart; everything in it is percent-encoded UTF-8."""
    path, _, query = target.partition("?")
    path, start = unquote(path), f"/{base}/{SERVICE}/"
    options = {name: unquote(value) for name, _, value in (part.partition("=") for part in query.split("&") if part)}
    resource = path.removeprefix(start)
    entity, bracket, rest = resource.partition("(")
    try:
        values = json.loads(body) if body else {}
    except ValueError:
        values = {}
    told = resource + ("?" + "&".join(f"{name}={value}" for name, value in options.items()) if options else "")
    key = _key(rest[:-1]) if bracket else {}
    return Request(method, entity, key, options, values, etag, told, foreign=not path.startswith(start))


def _key(text: str) -> dict[str, str]:
    """`guid'…'` or `A='…',B=guid'…'` → columns and values."""
    if "=" not in text.partition("'")[0]:
        return {"Ref_Key": _bare(text).lower()}
    return {name: _bare(value) for name, value in re.findall(r"(\w+)=((?:guid|datetime)?'(?:[^']|'')*')", text)}


def _bare(literal: str) -> str:
    return literal.partition("'")[2][:-1].replace("''", "'")


def answer(base: Base, request: Request, refuse: Callable[[str, Row], str], host: str) -> Answer:
    """Raises ODataError."""
    if not request.entity:
        return Answer(200, b'{"value": []}')
    if request.entity == "$metadata":
        return Answer(200, document(base), "application/xml")
    table, part = _published(base, request.entity)
    allowed = base.may_read if request.method == "GET" else base.may_write
    if allowed is not None and table.name not in allowed:
        raise ODataError(401, "20", NO_RIGHT)
    if unknown := set(request.options) - set(Request.OPTIONS):
        raise ODataError(400, "0", f"Возможность не поддерживается: {', '.join(sorted(unknown))}")
    if request.method != "GET":
        return _write(base, table, part, request, refuse)
    context = f"{host}/{base.name}/{SERVICE}/$metadata#{request.entity}"
    if request.key:
        row = base.row(table.name, request.key)
        if row is None or part:
            raise ODataError(404, "9", NO_ROW)
        return _json({"odata.metadata": f"{context}/@Element", **_with_links(row, request.entity)})
    if request.options.get("$format") != "json":
        return Answer(200, b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', "application/atom+xml")
    try:
        return _json({"odata.metadata": context, **_list(table, part, request.options)})
    except BadFilterError as error:
        raise ODataError(400, error.code, error.message) from None


def _published(base: Base, entity: str) -> tuple[Table, str]:
    """The table and, if the entity is a tabular part, its name."""
    if entity in base.tables:
        return base.tables[entity], ""
    owner, _, part = entity.rpartition("_")
    if owner in base.tables and part in base.tables[owner].parts:
        return base.tables[owner], part
    raise ODataError(404, "8", f"{NO_TYPE}: {entity}")


def columns_of(table: Table, part: str) -> Mapping[str, str]:
    """Names and EDM types of what a list of it shows and asks for."""
    return {**PART, **table.parts[part]} if part else table.columns


def _list(table: Table, part: str, options: Mapping[str, str]) -> Row:
    columns = columns_of(table, part)
    test = compile_filter(options["$filter"], columns) if options.get("$filter") else None
    cursor = None if table.is_register else _cursor(options.get("$filter", ""))
    found: Iterator[Row] = _flat(table.rows(table.behind(cursor) if cursor else 0), part)
    if test is not None:
        found = filter(test, found)
    order = [one.split() for one in options.get("$orderby", "").split(",") if one]
    if order and [one[0] for one in order] not in (["Ref_Key"], ["Ref_Key", "LineNumber"]):
        found = iter(_ordered(list(found), order, columns))
    top = int(options["$top"]) if "$top" in options else None
    skip = int(options.get("$skip", 0))
    more: Row = {}
    if options.get("$inlinecount") == "allpages":
        everything = list(found)
        more, found = {"odata.count": str(len(everything))}, iter(everything)
    names = options["$select"].split(",") if options.get("$select") else None
    for name in names or ():
        if name not in columns and name not in table.parts:
            raise BadFilterError("10", f"Запрошенное свойство не найдено: {name}")
    page = islice(found, skip, None if top is None else skip + top)
    entity = f"{table.name}_{part}" if part else table.name
    return {**more, "value": [{n: row[n] for n in names} if names else _with_links(row, entity) for row in page]}


def _with_links(row: Row, entity: str) -> Row:
    """1C adds a link for each reference, in the rows of tabular parts too; it does not take them back."""
    found: Row = {}
    for name, value in row.items():
        found[name] = [_with_links(line, entity) for line in value] if isinstance(value, list) else value
        if name.endswith("_Key") and name != "Ref_Key" and value != NOBODY:
            link = name.removesuffix("_Key")
            found[f"{link}@navigationLinkUrl"] = f"{entity}(guid'{row.get('Ref_Key', NOBODY)}')/{link}"
    return found


def _cursor(text: str) -> str | None:
    """The reference behind which everything lies that is asked for: no need to look at what is before."""
    found = CURSOR.search(text)
    return found[1] if found and not re.search(r"\b(or|not)\b", text) else None


def _flat(rows: Iterable[Row], part: str) -> Iterator[Row]:
    return (line for row in rows for line in row[part]) if part else iter(rows)


def _ordered(rows: list[Row], order: list[list[str]], columns: Mapping[str, str]) -> list[Row]:
    for name, *direction in reversed(order):
        if name not in columns:
            raise BadFilterError("10", f"Запрошенное свойство не найдено: {name}")
        rows.sort(key=lambda row: _sort_key(name, row[name], columns), reverse=direction == ["desc"])
    return rows


def _sort_key(name: str, value: Any, columns: Mapping[str, str]) -> Any:
    if columns[name] == LINE:
        return int(value)
    if columns[name] == TEXT:
        return str(value).casefold()
    return order_of(value) if name.endswith("_Key") else value


def _write(base: Base, table: Table, part: str, request: Request, refuse: Callable[[str, Row], str]) -> Answer:
    if part:
        raise ODataError(400, "13", "Создание строк табличных частей напрямую не поддерживается")
    if words := refuse(table.name, request.values):
        raise ODataError(500, "-1", words)
    try:
        match request.method:
            case "PATCH" if request.key:
                return _json(patch(base, table, request.key, request.values, request.etag))
            case "POST" if not request.key:
                return _json(create(base, table, request.values), 201)
            case "DELETE" if request.key:
                delete(base, table, request.key)
                return Answer(204)
    except WriteError as error:
        raise ODataError(error.status, error.code, str(error)) from None
    raise ODataError(405, "19", "Использованный HTTP-метод запрещен в данном контексте")


def _json(said: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(said, ensure_ascii=False).encode())
