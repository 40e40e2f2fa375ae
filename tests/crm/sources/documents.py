"""Small `$metadata` documents of each family: entity names with a few properties, as 1C writes them."""

from collections.abc import Mapping
from typing import Final

Entities = Mapping[str, tuple[str, ...]]

REFERENCE: Final = ("Ref_Key", "DataVersion", "DeletionMark", "Description")
USERS: Final = {"Catalog_Пользователи": REFERENCE, "Catalog_ВидыКонтактнойИнформации": (*REFERENCE, "Тип")}
ROWS: Final = ("Ref_Key", "LineNumber", "Тип", "Вид_Key", "Представление", "НомерТелефона")

OLD: Final[Entities] = {
    **USERS,
    "Catalog_Контрагенты": (*REFERENCE, "ОсновнойМенеджерПокупателя_Key", "ИНН"),
    "Catalog_КонтактныеЛицаКонтрагентов": (*REFERENCE, "Owner_Key"),
    "InformationRegister_КонтактнаяИнформация": ("Объект", "Объект_Type", "Тип", "Вид", "Представление", "Поле3"),
    "Document_ЗаказПокупателя": ("Ref_Key", "Number", "Date"),
}
ACCOUNTING: Final[Entities] = {"AccountingRegister_Хозрасчетный": ("Recorder", "Period")}
UT103: Final[Entities] = OLD
KA11: Final[Entities] = {**OLD, **ACCOUNTING, "Document_ОтчетПроизводстваЗаСмену": ("Ref_Key",)}
UPP: Final[Entities] = {**KA11, "InformationRegister_СоответствиеСчетовМСФО": ("Счет_Key",)}
UT11: Final[Entities] = {
    **USERS,
    "Catalog_Партнеры": (*REFERENCE, "ОсновнойМенеджер_Key", "НаименованиеПолное"),
    "Catalog_Партнеры_КонтактнаяИнформация": ROWS,
    "Catalog_КонтактныеЛицаПартнеров": (*REFERENCE, "Owner_Key", "ДолжностьПоВизитке"),
    "Catalog_КонтактныеЛицаПартнеров_КонтактнаяИнформация": ROWS,
    "Catalog_Контрагенты": (*REFERENCE, "Партнер_Key", "ИНН"),
    "Document_ЗаказКлиента": ("Ref_Key", "Number"),
}
KA2: Final[Entities] = {**UT11, **ACCOUNTING}
ERP2: Final[Entities] = {**KA2, "Document_ЗаказНаПроизводство2_2": ("Ref_Key",)}
BP30: Final[Entities] = {
    **USERS,
    **ACCOUNTING,
    "Catalog_Контрагенты": (*REFERENCE, "ИНН", "КПП"),
    "Catalog_Контрагенты_КонтактнаяИнформация": ROWS,
    "Catalog_КонтактныеЛица": (*REFERENCE, "ОбъектВладелец"),
}
UNF: Final[Entities] = {
    **USERS,
    "Catalog_Контрагенты": (*REFERENCE, "Ответственный_Key", "ИНН"),
    "Catalog_Контрагенты_КонтактнаяИнформация": ROWS,
    "Catalog_КонтактныеЛица": REFERENCE,
    "Catalog_Лиды": REFERENCE,
    "Document_ЗаказПокупателя": ("Ref_Key", "Number"),
}
RARUS: Final[Entities] = {
    **UT11,
    "Document_CRM_Интерес": ("Ref_Key", "Партнер_Key"),
    "Catalog_Партнеры_КонтактнаяИнформация": (*ROWS, "CRM_ОсновнойДляСвязи"),
}
MODIFIED: Final[Entities] = {  # somebody has built the phones anew
    **{name: properties for name, properties in UT11.items() if name != "Catalog_Партнеры_КонтактнаяИнформация"},
    "InformationRegister_мояТелефоны": ("Партнер_Key", "Телефон"),
}
OWN_CUSTOMERS: Final[Entities] = {"Catalog_Контрагенты": REFERENCE, "Document_абвЗаявка": ("Ref_Key",)}
STRANGE: Final[Entities] = {"Catalog_Растения": REFERENCE, "Document_Полив": ("Ref_Key",)}

FAMILIES: Final[dict[str, Entities]] = {
    "ut103": UT103,
    "ka11": KA11,
    "upp": UPP,
    "ut11": UT11,
    "ka2": KA2,
    "erp2": ERP2,
    "bp30": BP30,
    "unf": UNF,
    "rarus_crm": RARUS,
}


def document(entities: Entities) -> bytes:
    """The EDMX document."""
    types = "".join(
        f'<EntityType Name="{name}"><Key><PropertyRef Name="{properties[0]}"/></Key>'
        + "".join(f'<Property Name="{own}" Type="Edm.String" Nullable="true"/>' for own in properties)
        + "</EntityType>"
        for name, properties in entities.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">'
        '<edmx:DataServices xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
        'm:DataServiceVersion="3.0"><Schema Namespace="StandardODATA" '
        f'xmlns="http://schemas.microsoft.com/ado/2009/11/edm">{types}</Schema></edmx:DataServices></edmx:Edmx>'
    ).encode()


BOMB: Final = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<edmx:Edmx xmlns:edmx="e"><x>&b;</x></edmx:Edmx>'
)
LOG_IN_PAGE: Final = "<!doctype html><html><body><form>Войдите</form></body></html>".encode()
