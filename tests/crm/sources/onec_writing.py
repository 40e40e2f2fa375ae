"""Writing into a Base, with 1C's rules: versions, known columns, tabular parts as a whole, keys of registers."""

from collections.abc import Mapping
from typing import Any, Final

from tests.crm.sources.onec_base import BOOL, DATE, EMPTY, GUID, LINE, TEXT, Base, Row, Table, ref

TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    TEXT: (str,),
    GUID: (str,),
    BOOL: (bool,),
    DATE: (str,),
    LINE: (str, int),
}


class WriteError(Exception):
    """An HTTP status, 1C's code and words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code = status, code


def patch(base: Base, table: Table, key: Mapping[str, str], values: Row, etag: str | None) -> Row:
    """The row as it is now."""
    index = _found(table, key)
    row = table.at(index) or {}
    if etag is not None and etag != row.get("DataVersion", etag):
        raise WriteError(412, "0", "Версия объекта не совпадает")
    _check(table, values)
    if any(values.get(name, row[name]) != row[name] for name in table.key):
        raise WriteError(400, "16", "Не удалось присвоить свойство: ключ")
    if table.is_register and etag is not None:
        raise WriteError(400, "0", "Возможность не поддерживается: у записи регистра нет версии")
    base.change(table.name, key, **{name: value for name, value in values.items() if name != "DataVersion"})
    return table.at(index) or {}


def create(base: Base, table: Table, values: Row) -> Row:
    """A record of a register, or a new object with a reference of its own."""
    _check(table, values)
    if table.is_register:
        if missing := [name for name in table.key if not values.get(name)]:
            raise WriteError(400, "7", f"Не хватает элемента ключа сущности: {', '.join(missing)}")
        if table.find({name: values[name] for name in table.key}) is not None:
            raise WriteError(400, "15", "Сущность с таким ключом уже существует")
        row = dict(values)
    else:
        row = {**values, "Ref_Key": ref(table.name, 10**9 + len(table)), "DataVersion": base.next_version()}
        base.renumbered(table, row)
    table.add(row)
    return row


def delete(base: Base, table: Table, key: Mapping[str, str]) -> None:
    """A record of a register. (Objects are marked for deletion.)"""
    if not table.is_register:
        raise WriteError(405, "19", "Использованный HTTP-метод запрещен в данном контексте")
    table.put(_found(table, key), None)


def _found(table: Table, key: Mapping[str, str]) -> int:
    if missing := set(table.key) - set(key):
        raise WriteError(400, "7", f"Не хватает элемента ключа сущности: {', '.join(sorted(missing))}")
    index = table.find(key)
    if index is None:
        raise WriteError(404, "9", "Экземпляр сущности не найден")
    return index


def _check(table: Table, values: Row) -> None:
    for name, value in values.items():
        if name in table.parts:
            _check_part(table.parts[name], value)
        elif name not in table.columns:
            raise WriteError(400, "10", f"Запрошенное свойство не найдено: {name}")
        elif not isinstance(value, TYPES.get(table.columns[name], (str,))):
            raise WriteError(400, "4", f"Неверное значение свойства {name}")


def _check_part(columns: Mapping[str, str], lines: Any) -> None:
    if not isinstance(lines, list):
        raise WriteError(400, "4", "Неверное значение свойства")
    for number, line in enumerate(lines, 1):
        if str(line.get("LineNumber", "")) != str(number):
            raise WriteError(400, "5", "Отсутствует обязательное значение свойства LineNumber")
        for name, value in line.items():
            if name in {"Ref_Key", "LineNumber"}:
                continue
            if name not in columns:
                raise WriteError(400, "10", f"Запрошенное свойство не найдено: {name}")
            if not isinstance(value, TYPES.get(columns[name], (str,))):
                raise WriteError(400, "4", f"Неверное значение свойства {name}")


assert set(TYPES) == set(EMPTY)
