"""The configurations the portal knows. Names are 1C's own and are not translated."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Family(StrEnum):
    """How a configuration stores customers and phones (docs/sources.md)."""

    BUILTIN = "builtin"  # our own tables
    REGISTER = "register"  # phones in the information register «КонтактнаяИнформация»
    PARTNERS = "partners"  # customers are «Партнеры», phones in their tabular parts
    COUNTERPARTIES = "counterparties"  # customers are «Контрагенты», phones in their tabular part


@dataclass(frozen=True, slots=True)
class Configuration:
    """One supported system. `metadata_name`: the configuration's property «Имя», `version`: its first numbers."""

    code: str
    name: str | Promise
    family: Family
    metadata_name: str = ""
    version: str = ""
    required: tuple[str, ...] = ()  # what is read of it: `Entity` or `Entity.Property`; missing = modified


_OLD: Final = (
    "Catalog_Контрагенты",
    "Catalog_Контрагенты.ОсновнойМенеджерПокупателя_Key",
    "Catalog_КонтактныеЛицаКонтрагентов",
    "InformationRegister_КонтактнаяИнформация",
    "Catalog_ВидыКонтактнойИнформации",
    "Catalog_Пользователи",
)
_PARTNERS: Final = (
    "Catalog_Партнеры",
    "Catalog_Партнеры.ОсновнойМенеджер_Key",
    "Catalog_Партнеры_КонтактнаяИнформация",
    "Catalog_КонтактныеЛицаПартнеров",
    "Catalog_Контрагенты",
    "Catalog_ВидыКонтактнойИнформации",
    "Catalog_Пользователи",
)
_COUNTERPARTIES: Final = (
    "Catalog_Контрагенты",
    "Catalog_Контрагенты_КонтактнаяИнформация",
    "Catalog_КонтактныеЛица",
    "Catalog_ВидыКонтактнойИнформации",
    "Catalog_Пользователи",
)

BUILTIN: Final = "builtin"
UT103, UPP, KA11, UT11, KA2, ERP2, BP30, UNF, RARUS = (
    *("ut103", "upp", "ka11", "ut11", "ka2", "erp2", "bp30", "unf", "rarus_crm"),
)

CONFIGURATIONS: Final = {
    configuration.code: configuration
    for configuration in (
        Configuration(BUILTIN, _("Built-in directory"), Family.BUILTIN),
        Configuration(UT11, "1С:Управление торговлей 11", Family.PARTNERS, "УправлениеТорговлей", "11", _PARTNERS),
        Configuration(UT103, "1С:Управление торговлей 10.3", Family.REGISTER, "УправлениеТорговлей", "10.3", _OLD),
        Configuration(
            UPP,
            "1С:Управление производственным предприятием 1.3",
            Family.REGISTER,
            "УправлениеПроизводственнымПредприятием",
            "1.3",
            _OLD,
        ),
        Configuration(KA11, "1С:Комплексная автоматизация 1.1", Family.REGISTER, "КомплекснаяАвтоматизация", "1", _OLD),
        Configuration(
            KA2, "1С:Комплексная автоматизация 2", Family.PARTNERS, "КомплекснаяАвтоматизация", "2", _PARTNERS
        ),
        Configuration(
            ERP2, "1С:ERP Управление предприятием 2", Family.PARTNERS, "УправлениеПредприятием", "2", _PARTNERS
        ),
        Configuration(
            BP30,
            "1С:Бухгалтерия предприятия 3.0",
            Family.COUNTERPARTIES,
            "БухгалтерияПредприятия",
            "3.0",
            _COUNTERPARTIES,
        ),
        Configuration(
            UNF,
            "1С:Управление нашей фирмой",
            Family.COUNTERPARTIES,
            "УправлениеНебольшойФирмой",
            "",
            (*_COUNTERPARTIES, "Catalog_Контрагенты.Ответственный_Key"),
        ),
        Configuration(RARUS, "1С:CRM (Рарус)", Family.PARTNERS, "CRM", "", ("Catalog_Пользователи",)),
    )
}
