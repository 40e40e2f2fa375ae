"""The part of OData v3's `$filter` that 1C understands → a function of a row. As strict about types as 1C is.

term and term, term or term, not term, (term)
Column eq|ne|gt|ge|lt|le literal        cast(Column,'Catalog_X') eq guid'…'        Column eq cast(guid'…','Catalog_X')
substringof('text',Column) [eq true]    startswith(Column,'text') [eq true]        endswith(Column,'text') [eq true]
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

Row = dict[str, Any]
Test = Callable[[Row], bool]
TOKEN: Final = re.compile(
    r"""\s*(?:(?P<guid>guid'[^']*')|(?P<date>datetime'[^']*')|(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[^\W\d]\w*)|(?P<sign>[(),]))""",
    re.VERBOSE,
)
GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SIGNS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "substringof": lambda value, part: part.casefold() in value.casefold(),
    "startswith": lambda value, part: value.casefold().startswith(part.casefold()),
    "endswith": lambda value, part: value.casefold().endswith(part.casefold()),
}
LITERALS: Final = {"guid": "Edm.Guid", "date": "Edm.DateTime", "text": "Edm.String", "number": "number"}
NUMBERS: Final = ("Edm.Int64", "Edm.Int32", "Edm.Int16", "Edm.Double")


class BadFilterError(Exception):
    """1C's code 14, or 10 for a column that there is not."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Literal(NamedTuple):
    """`type` is the EDM type, or "cast StandardODATA.X" of a reference to an entity."""

    type: str
    value: Any


def order_of(ref: str) -> str:
    """References are ordered in 1C by their bytes in the database: the last part of the text comes first."""
    one, two, three, four, five = ref.lower().split("-")
    return four + five + three + two + one


def compile_filter(text: str, columns: Mapping[str, str]) -> Test:
    """`columns`: names and EDM types. Raises BadFilterError."""
    parser = _Parser(_tokens(text), columns)
    test = parser.disjunction()
    if parser.peek() is not None:
        raise BadFilterError("14", f"Ошибка разбора опций запроса: лишнее «{parser.peek()}»")
    return test


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position, text = [], 0, text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise BadFilterError("14", f"Ошибка разбора опций запроса в позиции {position}")
        found.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], columns: Mapping[str, str]) -> None:
        self.tokens, self.columns, self.at = tokens, columns, 0

    def peek(self) -> str | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        if self.at >= len(self.tokens) or (wanted is not None and self.tokens[self.at][1] != wanted):
            raise BadFilterError("14", "Ошибка разбора опций запроса")
        self.at += 1
        return self.tokens[self.at - 1]

    def disjunction(self) -> Test:
        tests = [self.conjunction()]
        while self.peek() == "or":
            self.take()
            tests.append(self.conjunction())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def conjunction(self) -> Test:
        tests = [self.negation()]
        while self.peek() == "and":
            self.take()
            tests.append(self.negation())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def negation(self) -> Test:
        if self.peek() == "not":
            self.take()
            test = self.negation()
            return lambda row: not test(row)
        if self.peek() == "(":
            self.take()
            test = self.disjunction()
            self.take(")")
            return test
        return self.comparison()

    def comparison(self) -> Test:
        if self.peek() in TEXT_TESTS:
            return self.text_test()
        column, type_ = self.operand()
        sign = self.take()[1]
        if sign not in SIGNS:
            raise BadFilterError("14", f"Ошибка разбора опций запроса: «{sign}»")
        literal = self.literal()
        if f"{column}_Type" in self.columns and "cast" not in type_ + literal.type:
            raise BadFilterError("4", f"Неверное значение свойства {column}: составной тип")
        return _compare(column, type_, sign, literal)

    def text_test(self) -> Test:
        name = self.take()[1]
        self.take("(")
        column = self.column() if name != "substringof" else ""
        if column:
            self.take(",")
        part = self.literal()
        if not column:
            self.take(",")
            column = self.column()
        self.take(")")
        if part.type != "Edm.String" or self.columns[column] != "Edm.String":
            raise BadFilterError("21", "Попытка передачи аргумента неверного типа")
        wanted = True
        if self.peek() in {"eq", "ne"}:
            wanted = (self.take()[1] == "eq") == (self.take()[1] == "true")
        test = TEXT_TESTS[name]
        return lambda row: test(row.get(column) or "", part.value) is wanted

    def column(self) -> str:
        name = self.take()[1]
        if name not in self.columns:
            raise BadFilterError("10", f"Запрошенное свойство не найдено: {name}")
        return name

    def operand(self) -> tuple[str, str]:
        """A column, or `cast(Column,'Catalog_X')`."""
        if self.peek() != "cast":
            name = self.column()
            return name, self.columns[name]
        self.take()
        self.take("(")
        name = self.column()
        self.take(",")
        entity = self.literal()
        self.take(")")
        return name, f"cast {entity.value}"

    def literal(self) -> Literal:
        kind, text = self.take()
        if text == "cast":
            self.take("(")
            ref = self.literal()
            self.take(",")
            entity = self.literal()
            self.take(")")
            return Literal(f"cast {entity.value}", ref.value)
        if kind == "word" and text in {"true", "false", "null"}:
            return Literal("Edm.Boolean", None if text == "null" else text == "true")
        if kind not in LITERALS:
            raise BadFilterError("14", f"Ошибка разбора опций запроса: «{text}»")
        if kind == "number":
            return Literal("number", float(text))
        value = text.partition("'")[2][:-1].replace("''", "'")
        if kind == "guid" and GUID.fullmatch(value) is None:
            raise BadFilterError("1", "Не удалось разобрать строку")
        return Literal(LITERALS[kind], value.lower() if kind == "guid" else value)


def _compare(column: str, type_: str, sign: str, literal: Literal) -> Test:
    test = SIGNS[sign]
    if type_.startswith("cast ") or literal.type.startswith("cast "):
        entity = f"StandardODATA.{(type_ if type_.startswith('cast ') else literal.type).removeprefix('cast ')}"
        ref = str(literal.value).lower()
        return lambda row: test((str(row.get(column)).lower(), row.get(f"{column}_Type")), (ref, entity))
    if literal.type != ("number" if type_ in NUMBERS else type_):
        raise BadFilterError("4", f"Неверное значение свойства {column}")
    if type_ == "Edm.Guid":
        mark = order_of(literal.value)
        return lambda row: test(order_of(row[column]), mark)
    if literal.type == "number":
        return lambda row: test(float(row.get(column) or 0), literal.value)
    return lambda row: test(row.get(column), literal.value)
