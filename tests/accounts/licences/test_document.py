"""The licence file: what is read from it, and every way it can be bad. No database."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from astpanel.accounts.licensing.document import (
    BEGIN,
    END,
    LARGEST,
    SIGNATURE,
    DocumentError,
    Fault,
    Kind,
    armour,
    canonical,
    parse,
)
from astpanel.accounts.licensing.signing import (
    TRIAL_TIME,
    BadKeyError,
    own_key,
    own_signer,
    public_line,
    seal,
    vendor_signers,
)
from astpanel.accounts.licensing.verify import State, distrust
from tests.licences import KEYS, NOON, PRIVATE, document, sealed

HERE = UUID("11111111-2222-4333-8444-555555555555")
VENDOR = vendor_signers([KEYS])
NOTICED = {State.TAMPERED, State.UNKNOWN_SIGNER, Fault.DAMAGED, Fault.BAD_FIELDS, Fault.NEWER_FORMAT}
FULL = {"expires": NOON + timedelta(days=90), "max_version": "2.1", "installation": str(HERE), "forgives_clock": NOON}


def fault(data: bytes | str) -> Fault:
    with pytest.raises(DocumentError) as caught:
        parse(data.encode() if isinstance(data, str) else data)
    return caught.value.fault


def blob(text: str) -> bytes:
    return base64.b64decode("".join(text.splitlines()[1:-1]))


def test_what_is_sealed_is_read() -> None:
    for values in ({}, FULL, {"kind": Kind.TRIAL, "expires": NOON + timedelta(days=1)}):
        read = parse(sealed(**values).encode())
        assert (read.document, distrust(read, VENDOR)) == (document(**values), None)


def test_a_key_survives_the_mail() -> None:
    text = sealed(**FULL)
    for mailed in (
        text.replace("\n", "\r\n"),
        f"\ufeff{text}",
        f"Здравствуйте!\n\nВаш ключ:\n{text}\n-- \nОтдел продаж\n",
        "\n".join(f"   {line}  \n" for line in text.splitlines()),
        text.rstrip("\n"),
    ):
        assert parse(mailed.encode()).document == document(**FULL)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Fault.NO_LICENCE),
        ("Добрый день!", Fault.NO_LICENCE),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", Fault.NOT_TEXT),
        (sealed().encode("utf-16"), Fault.NOT_TEXT),
        (sealed() + "\0", Fault.NOT_TEXT),
        (b"\xff" * LARGEST, Fault.NOT_TEXT),
        (b" " * (LARGEST + 1), Fault.TOO_LARGE),
        (sealed() * 2, Fault.SEVERAL),
        (f"{BEGIN}\n", Fault.TRUNCATED),
        (f"{BEGIN}\n{END}\n", Fault.TRUNCATED),
        (f"{END}\n{BEGIN}\n", Fault.TRUNCATED),
        (sealed().replace(END, ""), Fault.TRUNCATED),
        (f"{BEGIN}\n{base64.b64encode(bytes(SIGNATURE)).decode()}\n{END}", Fault.TRUNCATED),
        (f"{BEGIN}\n???\n{END}", Fault.DAMAGED),
        (armour(b"not json", bytes(64)), Fault.DAMAGED),
        (armour(b"\xff\xfe", bytes(64)), Fault.DAMAGED),
        (armour(b"[" * 9000, bytes(64)), Fault.DAMAGED),
        (armour(b"[]", bytes(64)), Fault.BAD_FIELDS),
        (armour(b'{"format":2}', bytes(64)), Fault.NEWER_FORMAT),
        (armour(b'{"format":1}', bytes(64)), Fault.BAD_FIELDS),
    ],
)
def test_bad_files(data: bytes | str, expected: Fault) -> None:
    assert fault(data) == expected


def test_cut_anywhere_it_is_no_licence() -> None:
    text = sealed(**FULL)
    assert {fault(text[:length]) for length in range(len(text) - 2)} == {Fault.NO_LICENCE, Fault.TRUNCATED}


def test_a_tampered_byte_anywhere_is_noticed() -> None:
    """Each byte of signature and payload, in three ways: it is not read at all, or not believed."""
    whole = blob(sealed(**FULL))
    for place in range(len(whole)):
        for change in (1, 0x20, 0x80):
            bad = bytearray(whole)
            bad[place] ^= change
            verdict: Fault | State | None
            try:
                verdict = distrust(parse(armour(bytes(bad[SIGNATURE:]), bytes(bad[:SIGNATURE])).encode()), VENDOR)
            except DocumentError as error:
                verdict = error.fault
            expected = {State.TAMPERED} if place < SIGNATURE else NOTICED
            assert verdict in expected, place


FIELDS: list[tuple[str, Any]] = [
    ("key", ""),
    ("key", "a b"),
    ("key", "<script>"),
    ("key", "K" * 65),
    ("key", None),
    ("signer", "Not Small"),
    ("product", ""),
    ("kind", "eternal"),
    ("holder", ""),
    ("holder", "x" * 201),
    ("holder", "two\nlines"),
    ("holder", "\u202eturned round"),
    ("holder", " padded"),
    ("holder", "\x00"),
    ("holder", "\ud800"),
    ("seats", 0),
    ("seats", -1),
    ("seats", True),
    ("seats", 1.5),
    ("seats", "10"),
    ("seats", 10**9),
    ("issued", "yesterday"),
    ("issued", "2026-03-02T09:00:00+03:00"),
    ("issued", "2026-3-2T9:00:00Z"),
    ("issued", None),
    ("expires", "2020-01-01T00:00:00Z"),
    ("expires", "2026-03-02T09:00:00Z"),
    ("expires", ""),
    ("max_version", "1.x"),
    ("max_version", "1" * 6),
    ("installation", "any"),
    ("installation", str(HERE).upper() + "A"),
    ("forgives_clock", 5),
    ("format", "1"),
    ("more", "fields"),
]


@pytest.mark.parametrize(("name", "value"), FIELDS)
def test_senseless_values_are_refused_though_signed(name: str, value: Any) -> None:
    payload = json.loads(canonical(document())) | {name: value}
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii="\ud800" in str(value))
    assert fault(armour(text.encode(), bytes(64))) == Fault.BAD_FIELDS


@pytest.mark.parametrize("missing", json.loads(canonical(document())))
def test_no_field_may_be_missing(missing: str) -> None:
    payload = {name: value for name, value in json.loads(canonical(document())).items() if name != missing}
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert fault(armour(text.encode(), bytes(64))) == Fault.BAD_FIELDS


def test_one_document_has_one_sequence_of_bytes() -> None:
    good = canonical(document())
    for other in (good.replace(b",", b", ", 1), good + b"\n", good.replace(b'"seats":10', b'"seats":10,"seats":10')):
        assert fault(armour(other, bytes(64))) == Fault.BAD_FIELDS


def test_nonsense_is_never_signed() -> None:
    trial = {"kind": Kind.TRIAL, "expires": None}
    for values in ({"seats": 0}, {"holder": ""}, {"expires": NOON}, trial, {"max_version": "latest"}):
        with pytest.raises(DocumentError):
            seal(document(**values), PRIVATE, "tests")


def test_signatures_of_others() -> None:
    other = own_key("another secret", HERE, "local")
    forged = parse(seal(document(), other, "tests").encode())
    assert distrust(forged, VENDOR) == State.TAMPERED
    assert distrust(parse(sealed(signer="vendor-9").encode()), VENDOR) == State.UNKNOWN_SIGNER
    assert distrust(forged, vendor_signers([public_line("tests", other)])) is None


def test_the_installations_own_key_signs_only_its_own_trial() -> None:
    private, signer = own_key("secret", HERE, "local"), own_signer("secret", HERE, "local")
    trial = {
        "kind": Kind.TRIAL,
        "seats": 25,
        "installation": str(HERE),
        "expires": NOON + TRIAL_TIME,
    }

    def verdict(**values: Any) -> State | None:
        text = seal(document(**trial | values), private, signer.id)
        return distrust(parse(text.encode()), {signer.id: signer})

    assert verdict() is None
    assert {
        verdict(kind=Kind.PERMANENT, expires=None),
        verdict(kind=Kind.PERMANENT),
        verdict(seats=26),
        verdict(expires=NOON + TRIAL_TIME + timedelta(seconds=1)),
        verdict(installation=""),
        verdict(installation=str(UUID(int=5))),
        verdict(forgives_clock=NOON),
    } == {State.TAMPERED}


def test_own_keys_differ_by_secret_installation_and_purpose() -> None:
    other = UUID(int=7)
    made = [
        own_signer(*args)
        for args in (("a", HERE, "local"), ("b", HERE, "local"), ("a", other, "local"), ("a", HERE, "demo"))
    ]
    assert len({signer.public for signer in made}) == len({signer.id for signer in made}) == 4
    assert own_signer("a", HERE, "local") == made[0]


@pytest.mark.parametrize(
    "line", ["", "vendor", "vendor:", "vendor:AAAA", f"local-1:{KEYS[6:]}", f"Bad Name:{KEYS[6:]}"]
)
def test_unreadable_public_keys(line: str) -> None:
    with pytest.raises(BadKeyError):
        vendor_signers([KEYS, line])


def test_moments_are_utc_seconds() -> None:
    read = parse(sealed(issued=datetime(2026, 3, 2, 9, 0, 0, 999, tzinfo=UTC)).encode())
    assert read.document.issued == NOON
