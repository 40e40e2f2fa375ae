"""Bases of every family with invented customers, of any size: the entities and columns that docs/sources.md names.

Customer number 0 is a folder where the configuration has folders; marks for deletion, junk in the phones, numbers that
contradict themselves and customers without a manager come at fixed numbers: see family_rows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from tests.crm.sources.family_rows import (
    ADDRESS,
    CITY,
    EMAIL,
    EMAILS,
    MOBILE,
    PHONE,
    USERS,
    company,
    email_line,
    is_company,
    is_deleted,
    manager,
    person,
    phone_line,
    register_phone,
)
from tests.crm.sources.onec_base import BOOL, DATE, GUID, NOBODY, OBJECT, TEXT, Base, Row, Table, ref

CUSTOMERS, PARTNERS = "Catalog_Контрагенты", "Catalog_Партнеры"
USER, KIND = "Catalog_Пользователи", "Catalog_ВидыКонтактнойИнформации"
REGISTER: Final = "InformationRegister_КонтактнаяИнформация"
OLD_PERSONS, OLD_PEOPLE = "Catalog_КонтактныеЛицаКонтрагентов", "Catalog_КонтактныеЛица"
PARTNER_PERSONS, PERSONS = "Catalog_КонтактныеЛицаПартнеров", "Catalog_КонтактныеЛица"
EMPLOYEES: Final = "Catalog_Сотрудники"
TYPE: Final = "StandardODATA."
TREE: Final = {"Code": TEXT, "Parent_Key": GUID, "IsFolder": BOOL}
CONTACT_INFO: Final = {
    **dict.fromkeys(("Тип", "Представление", "ЗначенияПолей", "Значение", "Страна", "Регион", "Город"), TEXT),
    **dict.fromkeys(("АдресЭП", "ДоменноеИмяСервера", "НомерТелефона", "НомерТелефонаБезКодов"), TEXT),
    "Вид_Key": GUID,
    "ВидДляСписка_Key": GUID,
    "ДействуетС": DATE,
}
PART: Final = "КонтактнаяИнформация"
KINDS: Final = (  # description, type, predefined name in БСП
    ("Телефон", PHONE, "ТелефонКонтрагента"),
    ("Мобильный телефон", PHONE, "МобильныйТелефон"),
    ("E-mail", EMAIL, "EmailКонтрагента"),
    ("Фактический адрес", ADDRESS, "ФактАдресКонтрагента"),
    ("Телефон контактного лица", PHONE, "ТелефонКонтактногоЛица"),
)
PHONE_KIND, MOBILE_KIND, EMAIL_KIND, _ADDRESS_KIND, PERSON_KIND = (ref(KIND, number) for number in range(len(KINDS)))
Made = Callable[[int], Row]


def kinds() -> Table:
    """Kinds of contact information."""
    columns = {**OBJECT, **TREE, "PredefinedDataName": TEXT, "Predefined": BOOL, "Тип": TEXT}

    def make(number: int) -> Row:
        name, type_, own = KINDS[number]
        return {"Ref_Key": ref(KIND, number), "Description": name, "Тип": type_, "PredefinedDataName": own}

    return Table(KIND, columns, make, len(KINDS))


def users(*, with_part: bool) -> Table:
    """Users; in БСП with their e-mail in a tabular part."""

    def make(number: int) -> Row:
        row: Row = {"Ref_Key": ref(USER, number), "Description": USERS[number]}
        if with_part:
            row[PART] = [email_line(EMAILS[number], EMAIL_KIND)] if EMAILS[number] else []
        return row

    columns = {**OBJECT, "Недействителен": BOOL} if with_part else {**OBJECT, **TREE}
    return Table(USER, columns, make, len(USERS), parts={PART: CONTACT_INFO} if with_part else {})


def customers(
    entity: str,
    size: int,
    *,
    managers: str = "",
    managers_entity: str = USER,
    folders: bool = False,
    kind: tuple[str, str, str] = ("ЮрФизЛицо", "ЮрЛицо", "ФизЛицо"),
    more: Mapping[str, str] | None = None,
    parts: Mapping[str, Mapping[str, str]] | None = None,
    part_values: Mapping[str, Any] | None = None,
) -> Table:
    """Companies and private persons, `managers`: the column of the responsible manager."""
    columns = {**OBJECT, **(TREE if folders else {"Code": TEXT, "Parent_Key": GUID}), kind[0]: TEXT}
    columns |= dict.fromkeys(("НаименованиеПолное", "ИНН", "КПП", "Комментарий"), TEXT)
    columns |= ({managers: GUID} if managers else {}) | dict(more or {})
    all_parts = dict(parts or {})

    def make(number: int) -> Row:
        row: Row = {"Ref_Key": ref(entity, number), "Code": f"{number:09d}", "Parent_Key": NOBODY}
        if folders and number == 0:
            return {**row, "Description": "Покупатели", "IsFolder": True}
        row |= {"Description": company(number), "НаименованиеПолное": f"{company(number)} (полное)"}
        row |= {kind[0]: kind[1] if is_company(number) else kind[2], "DeletionMark": is_deleted(number)}
        row["ИНН"] = f"{7_700_000_000 + number}"
        if folders:
            row["Parent_Key"] = ref(entity, 0)
        who = manager(number)
        if managers and who is not None:
            row[managers] = ref(managers_entity, who)
        if PART in all_parts:
            phones = phone_line(number, CITY, PHONE_KIND)
            row[PART] = [{**phones, **(part_values or {})}, email_line(f"c{number}@shop.test", EMAIL_KIND)]
        return row

    return Table(entity, columns, make, size, parts=all_parts)


def persons(entity: str, size: int, owners: int, owner: Callable[[int], Row], more: Mapping[str, str]) -> Table:
    """Contact persons; `owner(n)`: the columns that lead to customer number n. Each second customer has one."""

    def make(number: int) -> Row:
        row: Row = {"Ref_Key": ref(entity, number), "Description": person(number), **owner(owner_of(number, owners))}
        row[PART] = [phone_line(number, MOBILE, PERSON_KIND)]
        return row

    return Table(entity, {**OBJECT, **more}, make, size, parts={PART: CONTACT_INFO})


def owner_of(number: int, owners: int) -> int:
    """The customer of person number so and so."""
    return 1 + number * 2 % max(owners - 1, 1)


def empty(name: str, columns: Mapping[str, str], key: Iterable[str] = ("Ref_Key",)) -> Table:
    """Published, and of no interest but for its name."""
    return Table(name, columns, key=tuple(key))


def register(count: int, people: int) -> Table:
    """«КонтактнаяИнформация»: a phone and an e-mail of each customer, a mobile of each person, e-mails of users."""
    fields = tuple(f"Поле{number}" for number in range(1, 11))
    key = ("Объект", "Объект_Type", "Тип", "Вид", "Вид_Type")
    columns = {**dict.fromkeys((*key, "Представление", *fields, "Комментарий"), TEXT), "ЗначениеПоУмолчанию": BOOL}
    columns |= dict.fromkeys(("ТипДома", "ТипКорпуса", "ТипКвартиры"), TEXT)
    emails = [number for number, address in enumerate(EMAILS) if address]

    def record(entity: str, number: int, kind: str, values: Row) -> Row:
        owner = {"Объект": ref(entity, number), "Объект_Type": f"{TYPE}{entity}"}
        return {**owner, "Вид": kind, "Вид_Type": f"{TYPE}{KIND}", **values}

    def make(index: int) -> Row:
        if index < 2 * (count - 1):
            number = 1 + index // 2
            if index % 2:
                return record(CUSTOMERS, number, EMAIL_KIND, {"Тип": EMAIL, "Представление": f"c{number}@shop.test"})
            values = {**register_phone(number, CITY), "ЗначениеПоУмолчанию": True}
            return record(CUSTOMERS, number, PHONE_KIND, values)
        index -= 2 * (count - 1)
        if index < people:
            return record(OLD_PERSONS, index, MOBILE_KIND, register_phone(index, MOBILE))
        number = emails[index - people]
        return record(USER, number, EMAIL_KIND, {"Тип": EMAIL, "Представление": EMAILS[number]})

    return Table(REGISTER, columns, make, 2 * (count - 1) + people + len(emails), key=key)


def old(*extra: Table) -> Callable[[int, int], list[Table]]:
    """УТ 10.3, УПП 1.3, КА 1.1."""

    def tables(count: int, people: int) -> list[Table]:
        column = "ОсновнойМенеджерПокупателя_Key"
        more = {"ОсновноеКонтактноеЛицо_Key": GUID}
        parts = {"МенеджерыПокупателя": {"МенеджерПокупателя_Key": GUID}}

        def link(number: int) -> Row:
            row = {"Ref_Key": ref(OLD_PERSONS, number), "Description": person(number), "Должность": "закупщик"}
            return {
                **row,
                "Owner_Key": ref(CUSTOMERS, owner_of(number, count)),
                "КонтактноеЛицо_Key": ref(OLD_PEOPLE, number),
            }

        links = {**OBJECT, "Code": TEXT, "Owner_Key": GUID, "КонтактноеЛицо_Key": GUID, "Должность": TEXT}
        names = {**OBJECT, **TREE, "Фамилия": TEXT, "Имя": TEXT, "Отчество": TEXT}

        def man(number: int) -> Row:
            return {
                "Ref_Key": ref(OLD_PEOPLE, number),
                "Description": person(number),
                "Фамилия": person(number).split()[0],
            }

        return [
            users(with_part=False),
            kinds(),
            customers(CUSTOMERS, count, managers=column, folders=True, more=more, parts=parts),
            Table(OLD_PERSONS, links, link, people),
            Table(OLD_PEOPLE, names, man, people),
            register(count, people),
            empty("Document_ЗаказПокупателя", {"Ref_Key": GUID, "Number": TEXT, "Date": DATE}),
            *extra,
        ]

    return tables


def partners(*extra: Table, crm: bool = False) -> Callable[[int, int], list[Table]]:
    """УТ 11, КА 2, ERP 2, and 1С:CRM within them."""

    def tables(count: int, people: int) -> list[Table]:
        part = {**CONTACT_INFO, **({"CRM_ОсновнойДляСвязи": BOOL} if crm else {})}
        kind = ("ЮрФизЛицо", "Компания", "ЧастноеЛицо")

        def owner(number: int) -> Row:
            return {"Owner_Key": ref(PARTNERS, number), "ДолжностьПоВизитке": "менеджер по закупкам"}

        legal = {**OBJECT, "Code": TEXT, "Партнер_Key": GUID, "ИНН": TEXT, "КПП": TEXT}

        def legal_side(number: int) -> Row:
            return {
                "Ref_Key": ref(CUSTOMERS, number),
                "Партнер_Key": ref(PARTNERS, number),
                "Description": company(number),
            }

        return [
            users(with_part=True),
            kinds(),
            customers(
                *(PARTNERS, count),
                managers="ОсновнойМенеджер_Key",
                kind=kind,
                more={"Клиент": BOOL, "Поставщик": BOOL},
                parts={PART: part},
                part_values={"CRM_ОсновнойДляСвязи": True} if crm else None,
            ),
            persons(PARTNER_PERSONS, people, count, owner, {"Owner_Key": GUID, "ДолжностьПоВизитке": TEXT}),
            Table(CUSTOMERS, legal, legal_side, count, parts={PART: CONTACT_INFO}),
            empty("Document_ЗаказКлиента", {"Ref_Key": GUID, "Number": TEXT}),
            *extra,
        ]

    return tables


def accounting(count: int, people: int) -> list[Table]:
    """БП 3.0: no responsible managers; persons belong to an owner of a composite type."""

    def owner(number: int) -> Row:
        return {"ОбъектВладелец": ref(CUSTOMERS, number), "ОбъектВладелец_Type": f"{TYPE}{CUSTOMERS}"}

    more = {"ОбъектВладелец": TEXT, "ОбъектВладелец_Type": TEXT, "Должность": TEXT}
    kind = ("ЮридическоеФизическоеЛицо", "ЮридическоеЛицо", "ФизическоеЛицо")
    extra = {"Свойство_Key": GUID, "Значение": TEXT, "Значение_Type": TEXT, "ТекстоваяСтрока": TEXT}
    parts = {PART: CONTACT_INFO, "ДополнительныеРеквизиты": extra}
    return [
        users(with_part=True),
        kinds(),
        LEDGER,
        customers(CUSTOMERS, count, folders=True, kind=kind, parts=parts),
        persons(PERSONS, people, count, owner, more),
    ]


def small_firm(count: int, people: int) -> list[Table]:
    """УНФ: managers are employees; a register says which user an employee is."""

    def owner(number: int) -> Row:
        return {"Owner_Key": ref(CUSTOMERS, number)}

    def employee(number: int) -> Row:
        return {"Ref_Key": ref(EMPLOYEES, number), "Description": USERS[number]}

    def link(number: int) -> Row:
        return {"Пользователь_Key": ref(USER, number), "Сотрудник_Key": ref(EMPLOYEES, number)}

    key = ("Пользователь_Key", "Сотрудник_Key")
    kind = ("ВидКонтрагента", "ЮридическоеЛицо", "ФизическоеЛицо")
    column = "Ответственный_Key"
    return [
        users(with_part=True),
        kinds(),
        Table(EMPLOYEES, {**OBJECT, **TREE}, employee, 3),
        Table("InformationRegister_СотрудникиПользователя", dict.fromkeys(key, GUID), link, 3, key=key),
        customers(
            *(CUSTOMERS, count),
            managers=column,
            managers_entity=EMPLOYEES,
            folders=True,
            kind=kind,
            parts={PART: CONTACT_INFO},
        ),
        persons(PERSONS, people, count, owner, {"Owner_Key": GUID, "Должность": TEXT}),
        Table("Catalog_Лиды", {**OBJECT, "Code": TEXT}, parts={PART: CONTACT_INFO}),
        empty("Document_ЗаказПокупателя", {"Ref_Key": GUID, "Number": TEXT}),
    ]


LEDGER: Final = empty("AccountingRegister_Хозрасчетный", {"Recorder": GUID, "Period": DATE}, ("Recorder",))
SHIFTS: Final = empty("Document_ОтчетПроизводстваЗаСмену", {"Ref_Key": GUID})
IFRS: Final = empty("InformationRegister_СоответствиеСчетовМСФО", {"Счет_Key": GUID}, ("Счет_Key",))
PRODUCTION: Final = empty("Document_ЗаказНаПроизводство2_2", {"Ref_Key": GUID})
INTEREST: Final = empty("Document_CRM_Интерес", {"Ref_Key": GUID, "Партнер_Key": GUID})
FAMILIES: Final[Mapping[str, Callable[[int, int], list[Table]]]] = {
    "ut103": old(),
    "ka11": old(LEDGER, SHIFTS),
    "upp": old(LEDGER, SHIFTS, IFRS),
    "ut11": partners(),
    "ka2": partners(LEDGER),
    "erp2": partners(LEDGER, PRODUCTION),
    "rarus_crm": partners(INTEREST, crm=True),
    "bp30": accounting,
    "unf": small_firm,
}


def base(code: str, customers: int = 20, persons: int | None = None, name: str = "торговля") -> Base:
    """An information base of the configuration (crm.sources.registry). Persons: as many as every second customer."""
    people = customers // 2 if persons is None else persons
    return Base(name, FAMILIES[code](customers, people))
