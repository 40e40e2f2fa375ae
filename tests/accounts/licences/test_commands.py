"""The vendor's commands, end to end: a key pair, a licence, an installation that takes it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command
from pytest_django import Settings

from astpanel.accounts.licensing.document import Kind, parse
from astpanel.accounts.licensing.services import install_key, protection
from tests.factories import InstallationFactory

HERE = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def private(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Path:
    """A private key whose public half the portal knows."""
    path = tmp_path / "vendor.pem"
    call_command("license_keygen", "-o", str(path), "--name", "shop-1")
    settings.LICENSE_KEYS = [capsys.readouterr().out.strip()]
    return path


def issue(private: Path, capsys: pytest.CaptureFixture[str], **options: Any) -> bytes:
    defaults = {"name": "shop-1", "holder": "ООО «Ромашка»", "seats": 5}
    call_command("license_issue", private_key=private, **defaults | options)
    return capsys.readouterr().out.encode()


def test_a_key_pair(private: Path, settings: Settings) -> None:
    assert private.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"shop-1:[A-Za-z0-9+/]{43}=", settings.LICENSE_KEYS[0])
    before = private.read_bytes()
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("license_keygen", "-o", str(private))
    assert private.read_bytes() == before
    for name in ("Shop", "a:b", "local-1", ""):
        with pytest.raises(CommandError, match="--name"):
            call_command("license_keygen", "-o", str(private.with_name("other")), "--name", name)
    assert not private.with_name("other").exists()


@pytest.mark.django_db
def test_from_the_vendor_to_the_installation(private: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = str(InstallationFactory().uuid)
    text = issue(private, capsys, installation=here, max_version="1", expires=datetime(2099, 1, 1, tzinfo=UTC))
    row = install_key(document=text, by=None)
    assert (row.kind, row.seats, row.holder, row.installation, row.max_version) == (
        "permanent",
        5,
        "ООО «Ромашка»",
        here,
        "1",
    )
    assert re.fullmatch(r"([2-9A-HJ-NP-TV-Z]{4}-){2}[2-9A-HJ-NP-TV-Z]{4}", row.key_id)
    assert protection(now=row.added).usable


def test_the_options_as_typed(private: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "k.lic"
    words = ["--trial", "--expires", "2027-03-31", "--begins", "2027-03-01T12:00:00+03:00", "--key", "K-1"]
    more = ["--installation", HERE.upper(), "--forgives-clock", "2035-01-01T00:00:00Z", "--name", "shop-1"]
    always = ["--private-key", str(private), "--holder", "ИП Орлов", "--seats", "3", "-o", str(file)]
    call_command("license_issue", *always, *words, *more)
    document = parse(file.read_bytes()).document
    assert (document.kind, document.issued, document.expires, document.key, document.installation) == (
        Kind.TRIAL,
        datetime(2027, 3, 1, 9, tzinfo=UTC),
        datetime(2027, 4, 1, tzinfo=UTC),  # the last day counts whole
        "K-1",
        HERE,
    )
    assert document.forgives_clock == datetime(2035, 1, 1, tzinfo=UTC)
    with pytest.raises(CommandError, match="File exists"):
        call_command("license_issue", *always, *words, *more)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--seats", "0"], "make no licence"),
        (["--seats", "5", "--trial"], "make no licence"),
        (["--seats", "5", "--expires", "2001-01-01"], "make no licence"),
        (["--seats", "5", "--holder", "two\nlines"], "make no licence"),
        (["--seats", "5", "--max-version", "latest"], "make no licence"),
        (["--seats", "5", "--forgives-clock", "2035-01-01T00:00:00Z"], "needs --installation"),
        (["--seats", "many"], "seats"),
        (["--seats", "5", "--expires", "soon"], "expires"),
        (["--seats", "5", "--expires", "2027-02-30"], "expires"),
        (["--seats", "5", "--installation", "ours"], "installation"),
    ],
)
def test_senseless_options(private: Path, options: list[str], expected: str) -> None:
    with pytest.raises(CommandError, match=expected):
        call_command("license_issue", "--private-key", str(private), "--holder", "x", *options)


def test_a_private_key_that_others_can_read_is_refused(private: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for mode in (0o640, 0o604):
        private.chmod(mode)
        with pytest.raises(CommandError, match="can be read by others"):
            issue(private, capsys)
    assert capsys.readouterr().out == ""


def test_files_that_are_no_private_key(private: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, expected in ((b"hello", "not a private key"), (pem, "not an Ed25519 key")):
        path = tmp_path / "bad.pem"
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(CommandError, match=expected):
            issue(path, capsys)
    with pytest.raises(CommandError, match="No such file"):
        issue(tmp_path / "none.pem", capsys)


def test_the_version_is_that_of_the_project() -> None:
    import tomllib  # noqa: PLC0415 - beside what it is about

    from astpanel import VERSION  # noqa: PLC0415 - the same

    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
