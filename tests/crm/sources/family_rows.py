"""What the customers of an invented base are called, and their phones: tidy ones, and what people really type."""

import json
from typing import Any, Final

USERS: Final = ("Иванов Иван Иванович", "Петрова Анна Сергеевна", "Сидоров Олег Львович", "Обмен с сайтом")
EMAILS: Final = ("ivanov@office.test", "petrova@office.test", "sidorov@office.test", "")
SURNAMES: Final = ("Алексеев", "Борисова", "Васильев", "Громова", "Дмитриев", "Ершова", "Жуков")
NAMES: Final = ("Пётр", "Анна", "Олег", "Мария", "Илья", "Вера", "Юрий")
GOODS: Final = ("Ромашка", "Луч", "Вектор", "Берёзка", "Север", "Маяк", "О'Хара и К")
JUNK: Final = (  # of the customers 10, 11, … (as long as there are so many)
    "доб. 12",
    "нет",
    "+7 (910)",
    "8(495)1112233,,5",
    "8 495 111-22-33, 8 916 111-22-33",
    "звонить после 10",
    "12345678901234567890",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.test")',
    "",
)
FIRST_JUNK: Final = 10
PHONE, EMAIL, ADDRESS = "Телефон", "АдресЭлектроннойПочты", "Адрес"
CITY, MOBILE = "495", "916"


def company(number: int) -> str:
    """The customer's name."""
    return f"ООО «{GOODS[number % len(GOODS)]}» {number}"


def person(number: int) -> str:
    """Surname and name."""
    return f"{SURNAMES[number % len(SURNAMES)]} {NAMES[number // len(SURNAMES) % len(NAMES)]} {number}"


def digits(code: str, number: int) -> str:
    """Seven digits behind a code: `4952000001`."""
    return f"{code}{2_000_000 + number:07d}"


def presentation(national: str) -> str:
    """`+7 (495) 200-00-01`."""
    return f"+7 ({national[:3]}) {national[3:6]}-{national[6:8]}-{national[8:]}"


def junk(number: int) -> str | None:
    """What stands in the phone of a few customers."""
    place = number - FIRST_JUNK
    return JUNK[place] if 0 <= place < len(JUNK) else None


def is_deleted(number: int) -> bool:
    """Marked for deletion."""
    return number % 50 == 7


def is_company(number: int) -> bool:
    """Else a private person."""
    return number % 6 != 5


def manager(number: int) -> int | None:
    """Which user looks after the customer."""
    return None if number % 5 == 4 else number % 3


def differs(number: int) -> bool:
    """`НомерТелефона` is another number than `Представление`: typed over in one place only."""
    return number % 10 == 3


def value_json(national: str) -> str:
    """`Значение` of a phone."""
    return json.dumps(
        {
            "version": 5,
            "value": presentation(national),
            "type": PHONE,
            "countryCode": "7",
            "areaCode": national[:3],
            "number": national[3:],
            "extNumber": "",
        },
        ensure_ascii=False,
    )


def phone_line(number: int, code: str, kind: str) -> dict[str, Any]:
    """A row of the tabular part."""
    national = digits(code, number)
    wrong = junk(number) if code == CITY else None
    if wrong is not None:
        return {
            "Тип": PHONE,
            "Вид_Key": kind,
            "Представление": wrong,
            "НомерТелефона": "".join(filter(str.isdigit, wrong)),
        }
    other = digits(code, number + 5_000_000) if code == CITY and differs(number) else national
    return {
        "Тип": PHONE,
        "Вид_Key": kind,
        "Представление": presentation(national),
        "Значение": value_json(national),
        "НомерТелефона": f"7{other}",
        "НомерТелефонаБезКодов": other[3:],
    }


def email_line(address: str, kind: str) -> dict[str, Any]:
    """A row of the tabular part."""
    return {
        "Тип": EMAIL,
        "Вид_Key": kind,
        "Представление": address,
        "АдресЭП": address,
        "ДоменноеИмяСервера": address.rpartition("@")[2],
    }


def register_phone(number: int, code: str) -> dict[str, Any]:
    """What a record of the register holds of a phone."""
    national = digits(code, number)
    wrong = junk(number) if code == CITY else None
    if wrong is not None:
        return {"Тип": PHONE, "Представление": wrong}
    return {
        "Тип": PHONE,
        "Представление": presentation(national),
        "Поле1": "7",
        "Поле2": national[:3],
        "Поле3": national[3:],
        "Поле4": "",
    }
