"""The licence file: text that survives a mail, with a signed JSON value inside. Pure.

    -----BEGIN ASTPANEL LICENCE-----
    base64 of: 64 bytes of an Ed25519 signature, then the payload
    -----END ASTPANEL LICENCE-----

The payload is JSON in one form only (sorted names, no spaces, UTF-8), so that a document is one sequence of bytes. The
signature is over CONTEXT and the payload. What stands outside of the two lines is a letter around the key: ignored.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

FORMAT: Final = 1
CONTEXT: Final = b"astpanel licence 1\n"  # what is signed for this purpose can pass for nothing else
LARGEST: Final = 16 * 1024  # bytes of a file
SIGNATURE: Final = 64  # bytes
LINE: Final = 64  # characters
BEGIN: Final = "-----BEGIN ASTPANEL LICENCE-----"
END: Final = "-----END ASTPANEL LICENCE-----"
MOST_SEATS: Final = 1_000_000
LONGEST_HOLDER: Final = 200

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")
_SIGNER: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_PRODUCT: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_VERSION: Final = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){0,3}")
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


class Fault(StrEnum):
    """Why a text is no licence."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"  # a picture, an archive
    NO_LICENCE = "no_licence"  # text without the first line
    TRUNCATED = "truncated"
    SEVERAL = "several"  # one file, one key
    DAMAGED = "damaged"
    NEWER_FORMAT = "newer_format"  # made for a later version of the portal
    BAD_FIELDS = "bad_fields"  # signed or not, it makes no sense


class DocumentError(ValueError):
    """Not a licence, with the fault as a code."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class Kind(StrEnum):
    """As in the model."""

    PERMANENT = "permanent"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Document:
    """What a key says. Moments are UTC, whole seconds."""

    key: str  # number of the key
    signer: str  # id of the public key that verifies it
    product: str
    kind: Kind
    holder: str
    seats: int
    issued: datetime
    expires: datetime | None = None  # trial keys have an end
    max_version: str = ""  # "1" = every 1.x; empty: every version
    installation: str = ""  # UUID; empty: any
    forgives_clock: datetime | None = None  # installing it forgets this latest moment seen (docs/licensing.md)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A document with the bytes that were signed, its signature not yet verified."""

    document: Document
    payload: bytes
    signature: bytes

    @property
    def signed_bytes(self) -> bytes:
        return CONTEXT + self.payload


def parse(data: bytes) -> Sealed:
    """The licence in a file or a pasted letter. Raises DocumentError."""
    if len(data) > LARGEST:
        raise DocumentError(Fault.TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(Fault.NOT_TEXT) from None
    blob = _unwrap(text)
    if len(blob) <= SIGNATURE:
        raise DocumentError(Fault.TRUNCATED)
    signature, payload = blob[:SIGNATURE], blob[SIGNATURE:]
    return Sealed(_document(payload), payload, signature)


def armour(payload: bytes, signature: bytes) -> str:
    """The text of the file."""
    body = base64.b64encode(signature + payload).decode()
    lines = (body[start : start + LINE] for start in range(0, len(body), LINE))
    return "\n".join((BEGIN, *lines, END, ""))


def canonical(document: Document) -> bytes:
    """The payload. Raises DocumentError when the values make no sense: such a key is never signed."""
    value = {
        "format": FORMAT,
        "key": document.key,
        "signer": document.signer,
        "product": document.product,
        "kind": str(document.kind),
        "holder": document.holder,
        "seats": document.seats,
        "issued": _written(document.issued),
        "expires": _written(document.expires),
        "max_version": document.max_version,
        "installation": document.installation,
        "forgives_clock": _written(document.forgives_clock),
    }
    _check(value)
    return _canonical(value)


def _unwrap(text: str) -> bytes:
    if "\0" in text:
        raise DocumentError(Fault.NOT_TEXT)
    lines = [line.strip() for line in text.splitlines()]
    if BEGIN not in lines:
        raise DocumentError(Fault.NO_LICENCE)
    if lines.count(BEGIN) > 1:
        raise DocumentError(Fault.SEVERAL)
    body = lines[lines.index(BEGIN) + 1 :]
    if END not in body:
        raise DocumentError(Fault.TRUNCATED)
    try:
        return base64.b64decode("".join(body[: body.index(END)]), validate=True)
    except (binascii.Error, ValueError):
        raise DocumentError(Fault.DAMAGED) from None


def _document(payload: bytes) -> Document:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        raise DocumentError(Fault.DAMAGED) from None
    if not isinstance(value, dict) or not isinstance(value.get("format"), int):
        raise DocumentError(Fault.BAD_FIELDS)
    if value["format"] > FORMAT:
        raise DocumentError(Fault.NEWER_FORMAT)
    _check(value)
    if _canonical(value) != payload:
        raise DocumentError(Fault.BAD_FIELDS)  # a name twice, another order: one document, one sequence of bytes
    return Document(
        key=value["key"],
        signer=value["signer"],
        product=value["product"],
        kind=Kind(value["kind"]),
        holder=value["holder"],
        seats=value["seats"],
        issued=_moment(value["issued"]),
        expires=_moment(value["expires"]) if value["expires"] else None,
        max_version=value["max_version"],
        installation=value["installation"],
        forgives_clock=_moment(value["forgives_clock"]) if value["forgives_clock"] else None,
    )


def _canonical(value: dict[str, Any]) -> bytes:
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        raise DocumentError(Fault.BAD_FIELDS) from None


def _check(value: dict[str, Any]) -> None:
    """Raises DocumentError unless every field is there and sensible, and no other."""
    match value:
        case {
            "format": 1,
            "key": str(key),
            "signer": str(signer),
            "product": str(product),
            "kind": "permanent" | "trial" as kind,
            "holder": str(holder),
            "seats": int(seats),
            "issued": str(issued),
            "expires": str() | None as expires,
            "max_version": str(version),
            "installation": str(installation),
            "forgives_clock": str() | None as forgiven,
            **rest,
        } if not rest and type(seats) is int and 1 <= seats <= MOST_SEATS:
            texts = (_KEY, key), (_SIGNER, signer), (_PRODUCT, product), (_VERSION, version or "0")
            good = all(pattern.fullmatch(text) for pattern, text in texts)
            good = good and _is_name(holder) and (not installation or _is_uuid(installation))
            end = _moment(expires) if expires is not None else None
            good = good and (end > _moment(issued) if end is not None else kind == Kind.PERMANENT)
            if forgiven is not None:
                _moment(forgiven)
            if good:
                return
    raise DocumentError(Fault.BAD_FIELDS)


def _is_name(text: str) -> bool:
    """Printable: no line feeds, no signs that turn the writing direction."""
    return 1 <= len(text) <= LONGEST_HOLDER and text.isprintable() and text == text.strip()


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    try:
        moment = datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise DocumentError(Fault.BAD_FIELDS) from None
    if _written(moment) != text:
        raise DocumentError(Fault.BAD_FIELDS)
    return moment


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime(_MOMENT)
