"""One value as 1C keeps it: the columns of a row of a tabular part and of a record of the register. Pure."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import phonenumbers

from astpanel.lib.phone_numbers import Reading, digits_of, number_keys, split_extension
from crm.models import AddressType
from crm.sources.field_map import Contacts

VERSION: Final = 5  # of the JSON in «Значение»


@dataclass(frozen=True, slots=True)
class Phone:
    """`+7 495 111-22-33 доб. 5` → 7, 495, 1112233, 5. Of what no country has: the digits as the number."""

    country: str
    area: str
    number: str
    extension: str = ""

    @property
    def digits(self) -> str:
        """«НомерТелефона»."""
        return self.country + self.area + self.number

    def __str__(self) -> str:
        """As 1C writes it: `+7 (495) 111-22-33, доб. 5`."""
        area = f" ({self.area})" if self.area else ""
        main = f"+{self.country}{area} {_grouped(self.number)}" if self.country else _grouped(self.number)
        return f"{main}, доб. {self.extension}" if self.extension else main


def phone_of(value: str, reading: Reading) -> Phone:
    """The parts of a phone number as it was typed."""
    main, extension = split_extension(value)
    e164 = number_keys(value, reading)[0]
    if not e164.startswith("+"):
        return Phone("", "", digits_of(main), extension)
    parsed = phonenumbers.parse(e164)
    national = phonenumbers.national_significant_number(parsed)
    length = phonenumbers.length_of_geographical_area_code(parsed)
    length = length or phonenumbers.length_of_national_destination_code(parsed)
    return Phone(str(parsed.country_code), national[:length], national[length:], extension)


def part_columns(
    type_: str, value: str, contacts: Contacts, known: Collection[str], reading: Reading
) -> dict[str, Any]:
    """What a row of a tabular part has to say, of the columns that there are (`known`). `type_`: AddressType."""
    wanted: dict[str, Any] = {"ЗначенияПолей": ""}  # the older form of «Значение»: 1C makes it anew when it is needed
    if type_ == AddressType.PHONE:
        phone = phone_of(value, reading)
        shown = str(phone)
        wanted |= {"Значение": _json(phone), "НомерТелефона": phone.digits, "НомерТелефонаБезКодов": phone.number}
        wanted |= {contacts.digits: phone.digits} if contacts.digits else {}
    else:
        shown = value
        wanted |= {"Значение": _json_text(value, word_of(type_, contacts))}
    if type_ == AddressType.EMAIL:
        wanted |= {"АдресЭП": value, "ДоменноеИмяСервера": value.rpartition("@")[2]}
        wanted |= {contacts.email: value} if contacts.email else {}
    return {contacts.number: shown} | {name: text for name, text in wanted.items() if name in known}


def record_columns(
    type_: str, value: str, contacts: Contacts, known: Collection[str], reading: Reading
) -> dict[str, Any]:
    """The same for a record of the register: the parts of a phone stand in «Поле1» to «Поле4»."""
    if type_ != AddressType.PHONE:
        return {contacts.number: value} | dict.fromkeys(_fields(known), "")
    phone = phone_of(value, reading)
    parts = dict(zip(_fields(known), (phone.country, phone.area, phone.number, phone.extension), strict=False))
    return {contacts.number: str(phone), **parts}


def word_of(type_: str, contacts: Contacts) -> str:
    """What the source calls the type; empty if the field map does not say."""
    words: Mapping[str, tuple[str, ...]] = {
        AddressType.PHONE: contacts.phones,
        AddressType.EMAIL: contacts.emails,
        AddressType.ADDRESS: contacts.addresses,
    }
    return next(iter(words.get(type_, ())), "")


def _fields(known: Collection[str]) -> list[str]:
    return [name for name in (f"Поле{number}" for number in range(1, 5)) if name in known]


def _grouped(number: str) -> str:
    """`1112233` → `111-22-33`."""
    if len(number) < 5:
        return number
    head, tail = number[:-4], number[-4:]
    return f"{head}-{tail[:2]}-{tail[2:]}"


def _json(phone: Phone) -> str:
    said = {
        "version": VERSION,
        "value": str(phone),
        "type": "Телефон",
        "countryCode": phone.country,
        "areaCode": phone.area,
        "number": phone.number,
        "extNumber": phone.extension,
    }
    return json.dumps(said, ensure_ascii=False)


def _json_text(value: str, type_: str) -> str:
    return json.dumps({"version": VERSION, "value": value, "type": type_}, ensure_ascii=False)
