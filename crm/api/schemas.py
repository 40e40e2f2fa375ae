"""The shapes of the interface. Texts are plain: whoever shows them escapes them."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from crm.editing.customers import LONGEST_NOTE

NUL_FREE = r"^[^\x00]*$"
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"  # no line ends, no other control characters
Name = Annotated[str, Field(min_length=1, max_length=255, pattern=ONE_LINE)]
Reference = Annotated[str, Field(max_length=64, pattern=ONE_LINE)]


class Strict(Schema):
    """What comes in: a field nobody knows is a typing error, not silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Filters(Schema):
    """Which rows of a list, and from where."""

    after: int = Field(0, ge=0, description="id of the last row seen: `next` of the page before")
    limit: int = Field(100, ge=1, le=500)
    name: str = Field("", max_length=255, description="any part of the name")
    number: str = Field("", max_length=255, description="a whole number in any format")
    external_ref: Reference = ""
    changed_since: AwareDatetime | None = Field(None, description="with its zone: 2026-03-02T12:00:00+03:00")


class PersonFilters(Filters):
    """Also: whose."""

    counterparty: int | None = None


class ContactInfoOut(Schema):
    """`value` as typed; `e164` empty for what is no phone."""

    id: int
    kind: str
    type: Literal["phone", "internal", "email", "address", "other"]
    value: str
    e164: str
    extension: str
    main: bool


class ContactInfoIn(Strict):
    """One row. `kind` is the name of a kind for this sort of owner."""

    kind: str = Field(max_length=100)
    value: str = Field(min_length=1, max_length=255)
    main: bool = False


class ManagerOut(Schema):
    """A panel user. `number`: the main internal one, empty without."""

    username: str
    name: str
    number: str


class CounterpartyOut(Schema):
    id: int
    name: str
    kind: Literal["company", "person"]
    manager: ManagerOut | None
    note: str
    external_ref: str
    archived: bool
    merged_into: int | None
    kept_by_source: bool  # name, manager and archived are kept by the source of customers
    changed: datetime
    contact_info: list[ContactInfoOut]


class CounterpartyIn(Strict):
    """Of a PATCH only what is sent changes. `contact_info`, when sent, are all rows there are afterwards."""

    name: Name | None = None
    kind: Literal["company", "person"] | None = None
    manager: str | None = Field(
        None, max_length=150, pattern=ONE_LINE, description="username; an empty text takes the manager away"
    )
    note: str | None = Field(None, max_length=LONGEST_NOTE, pattern=NUL_FREE)
    external_ref: Reference | None = None
    archived: bool | None = None
    contact_info: list[ContactInfoIn] | None = Field(None, max_length=100)


class PersonOut(Schema):
    id: int
    counterparty: int
    name: str
    position: str
    external_ref: str
    archived: bool
    merged_into: int | None
    kept_by_source: bool
    changed: datetime
    contact_info: list[ContactInfoOut]


class PersonIn(Strict):
    """Of a PATCH only what is sent changes. A new one needs `counterparty` (id) and `name`."""

    counterparty: int | None = None
    name: Name | None = None
    position: str | None = Field(None, max_length=255, pattern=ONE_LINE)
    external_ref: Reference | None = None
    archived: bool | None = None
    contact_info: list[ContactInfoIn] | None = Field(None, max_length=100)


class CounterpartyPage(Schema):
    """`next`: what `after` is for the next page; null on the last one."""

    items: list[CounterpartyOut]
    next: int | None


class PersonPage(Schema):
    """`next`: what `after` is for the next page; null on the last one."""

    items: list[PersonOut]
    next: int | None


class KindOut(Schema):
    """A kind of contact information."""

    name: str
    owner: Literal["counterparty", "person", "user"]
    type: Literal["phone", "internal", "email", "address", "other"]
    mobile: bool


class OwnerOut(Schema):
    """Somebody who has the number."""

    kind: Literal["counterparty", "person", "user"]
    id: int
    name: str
    company: str
    reason: Literal["internal", "exact", "last10", "line"]


CallersNumber = Annotated[str, Field(max_length=255, description="As the PBX gave it: +74951112233, 101, anonymous")]


class CallerFilters(Schema):
    """How to answer: `text` is one line for dialplans."""

    format: Literal["json", "text"] = "json"


class CallerManager(Schema):
    """The responsible manager: whom the call may go to. `number` is empty without an internal number."""

    name: str
    number: str


class CallerOut(Schema):
    """Who has a number. `reason`: why the portal thinks so; empty when nobody has it."""

    number: str
    e164: str
    known: bool
    kind: Literal["counterparty", "person", "user", ""]
    id: int | None
    name: str
    company: str
    manager: CallerManager | None
    reason: Literal["internal", "exact", "last10", "line", ""]
    explanation: str
    others: list[OwnerOut]


class FieldError(Schema):
    """What is wrong with one field; `field` is empty for the whole."""

    field: str
    messages: list[str]


class ErrorOut(Schema):
    """Why nothing was done, in the language of Accept-Language."""

    detail: str
    errors: list[FieldError] = []
