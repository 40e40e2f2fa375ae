"""Each system check says what is wrong, and nothing when all is well."""

import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from astpanel.checks import check_alphabet
from tests.databases import use_database
from tests.factories import PanelUserFactory, PbxFactory
from tests.servers import PostgreSQL


@pytest.fixture(autouse=True)
def sound(settings: Settings, tmp_path: Path) -> Settings:
    """An installation that has nothing to complain about."""
    settings.SECRET_KEY = "q8Zr-Vn2_kXw5TyLb9HcGm4JdFs7PaUe1R"
    settings.VAR_DIR, settings.REDIS_URL, settings.DEBUG, settings.HTTPS = tmp_path, "redis://127.0.0.1", False, True
    settings.ALLOWED_HOSTS = ["panel.example.com"]
    return settings


def found() -> list[str]:
    return [str(message.id) for message in run_checks(tags=["astpanel"])]


def test_a_sound_installation() -> None:
    assert found() == []


@pytest.mark.parametrize("key", ["short", "a" * 64, "django-insecure-q8Zr-Vn2_kXw5TyLb9HcGm4JdFs7PaUe"])
def test_guessable_key(settings: Settings, key: str) -> None:
    settings.SECRET_KEY = key
    assert found() == ["astpanel.E001"]
    assert key not in str(run_checks(tags=["astpanel"]))


def test_debug_behind_https(settings: Settings) -> None:
    settings.DEBUG = True
    assert found() == ["astpanel.E002"]
    settings.HTTPS = False
    assert found() == []


def test_postgresql_needs_redis(settings: Settings) -> None:
    settings.REDIS_URL = ""
    assert found() == (["astpanel.W003"] if connection.vendor == "postgresql" else [])


def test_folder_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "nowhere"
    assert found() == ["astpanel.E004"]


def test_secrets_that_others_can_read(tmp_path: Path) -> None:
    path = tmp_path / "field_keys"
    path.write_text("x")
    os.chmod(path, 0o644)
    assert found() == ["astpanel.E005"]
    os.chmod(path, 0o600)
    assert found() == []


def test_any_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert found() == ["astpanel.W006"]


@pytest.mark.django_db
def test_secrets_that_no_key_fits(settings: Settings) -> None:
    PbxFactory(secret="one")
    PanelUserFactory(sip_password="")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    messages = run_checks(tags=["database"], databases=["default"])
    ours = [(message.id, message.msg) for message in messages if str(message.id).startswith("astpanel")]
    assert ours == [("astpanel.E007", "telephony.Pbx.secret: 1 secrets fit none of ASTPANEL_FIELD_KEYS.")]


@pytest.mark.django_db
def test_the_database_folds_cyrillic() -> None:
    found = [str(message.id) for message in run_checks(tags=["database"], databases=["default"])]
    assert [name for name in found if name.startswith("astpanel")] == []


@pytest.mark.postgresql
def test_a_database_of_the_locale_c_is_named(
    postgresql: PostgreSQL, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> None:
    postgresql.execute("CREATE DATABASE locale_c LOCALE 'C' TEMPLATE template0")
    with django_db_blocker.unblock(), use_database(postgresql.url("locale_c")):
        assert [message.id for message in check_alphabet(None, ["default"])] == ["astpanel.W008"]
