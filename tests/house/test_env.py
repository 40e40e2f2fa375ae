"""Each bad setting stops the start and names the variable and what was expected."""

import re
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from astpanel import env

GOOD = [
    (env.flag, ("yes", True), (False,)),
    (env.flag, ("OFF", False), (True,)),
    (env.flag, ("", False), (True,)),
    (env.number, ("5", 5), (1,)),
    (env.choice, ("debug", "DEBUG"), ("INFO", ("DEBUG", "INFO"))),
    (env.time_zone, ("Asia/Yekaterinburg", "Asia/Yekaterinburg"), ("Europe/Moscow",)),
    (env.redis, ("redis://localhost:6379/0", "redis://localhost:6379/0"), ()),
    (env.redis, ("", ""), ()),
    (env.names, (" a, b ,,", ["a", "b"]), ()),
    (env.origins, ("https://panel.example.com", ["https://panel.example.com"]), ()),
]
BAD = [
    (env.flag, "maybe", (False,), "expected yes or no"),
    (env.number, "many", (1,), "expected a whole number"),
    (env.number, "65", (1, 1, 64), "expected 1 to 64"),
    (env.number, "", (1,), "expected a whole number"),
    (env.choice, "LOUD", ("INFO", ("DEBUG", "INFO")), "expected one of DEBUG, INFO"),
    (env.time_zone, "Europe/Nowhere", ("Europe/Moscow",), "expected a time zone"),
    (env.time_zone, "../etc/passwd", ("Europe/Moscow",), "expected a time zone"),
    (env.redis, "localhost:6379", (), "expected redis://"),
    (env.origins, "panel.example.com", (), "expected http://"),
    (env.database, "mysql://u:hidden@h/db", ("",), "expected sqlite"),
    (env.database, "postgresql://u:hidden@h:port/db", ("",), "the port is no number"),
    (env.database, "postgresql://u:hidden@h:99999/db", ("",), "the port is no number"),
    (env.database, "postgresql://u:hidden@h", ("",), "expected sqlite"),
    (env.database, "sqlite:///relative.sqlite3", ("",), "expected an absolute path"),
    (env.database, "nonsense", ("",), "expected sqlite"),
]


@pytest.mark.parametrize(("read", "value", "arguments"), GOOD)
def test_good_values(
    read: Callable[..., Any], value: tuple[str, Any], arguments: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASTPANEL_X", value[0])
    assert read("ASTPANEL_X", *arguments) == value[1]


@pytest.mark.parametrize(("read", "value", "arguments", "expected"), BAD)
def test_bad_values_are_named(
    read: Callable[..., Any],
    value: str,
    arguments: tuple[Any, ...],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASTPANEL_X", value)
    with pytest.raises(env.SettingError, match=rf"^ASTPANEL_X.*{re.escape(expected)}") as caught:
        read("ASTPANEL_X", *arguments)
    assert "hidden" not in str(caught.value)


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASTPANEL_X", raising=False)
    assert (env.text("ASTPANEL_X", "d"), env.flag("ASTPANEL_X", True), env.number("ASTPANEL_X", 3)) == ("d", True, 3)
    with pytest.raises(env.SettingError, match=r"^ASTPANEL_X is not set and has no default$"):
        env.text("ASTPANEL_X")


def test_postgresql_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTPANEL_X", "postgresql://us%40er:p%2Fw@db.example.com:5433/pan%20el?sslmode=require")
    assert env.database("ASTPANEL_X", "") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "pan el",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example.com",
        "PORT": "5433",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": "require"},
    }


def test_sqlite_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTPANEL_X", "sqlite:////var/lib/ast%20panel.sqlite3")
    assert env.database("ASTPANEL_X", "")["NAME"] == "/var/lib/ast panel.sqlite3"


def test_value_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ASTPANEL_X", raising=False)
    path = tmp_path / "value"
    monkeypatch.setenv("ASTPANEL_X_FILE", str(path))
    with pytest.raises(env.SettingError, match=r"^ASTPANEL_X_FILE=.*No such file"):
        env.text("ASTPANEL_X")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(env.SettingError, match=r"^ASTPANEL_X_FILE=.*expected text in UTF-8"):
        env.text("ASTPANEL_X")
    path.write_text(" пароль\n", encoding="utf-8")
    assert env.text("ASTPANEL_X") == "пароль"
    monkeypatch.setenv("ASTPANEL_X", "another")
    with pytest.raises(env.SettingError, match=r"both set"):
        env.text("ASTPANEL_X")


def test_a_generated_secret_is_kept_and_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ASTPANEL_X", raising=False)
    path = tmp_path / "secret"
    first = env.secret("ASTPANEL_X", path)
    assert (env.secret("ASTPANEL_X", path), len(first) > 50) == (first, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
    monkeypatch.setenv("ASTPANEL_X", "given")
    assert env.secret("ASTPANEL_X", path) == "given"
    monkeypatch.setenv("ASTPANEL_X", "")
    with pytest.raises(env.SettingError, match=r"^ASTPANEL_X is empty"):
        env.secret("ASTPANEL_X", path)


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    start, seen = threading.Barrier(8), []

    def read() -> None:
        start.wait()
        seen.append(env.secret("ASTPANEL_NOT_SET", tmp_path / "secret"))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(seen), len(set(seen))) == (8, 1)


def test_field_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv("ASTPANEL_X", f"{new}, {old},")
    assert env.keys("ASTPANEL_X", tmp_path / "keys") == [new, old]
    for bad, expected in {"short": "not a Fernet key", ",": "at least one Fernet key"}.items():
        monkeypatch.setenv("ASTPANEL_X", bad)
        with pytest.raises(env.SettingError, match=f"^ASTPANEL_X.*{expected}") as caught:
            env.keys("ASTPANEL_X", tmp_path / "keys")
        assert "short" not in str(caught.value)


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_any_text_gives_a_value_or_a_setting_error(value: str) -> None:
    readers: list[Callable[[str], object]] = [
        lambda name: env.flag(name, False),
        lambda name: env.number(name, 1),
        lambda name: env.database(name, ""),
        lambda name: env.time_zone(name, "UTC"),
        env.redis,
        env.origins,
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASTPANEL_X", value)
        for read in readers:
            with suppress(env.SettingError):  # anything else fails the test
                read("ASTPANEL_X")


def test_the_example_names_every_setting_and_no_other() -> None:
    root = Path(__file__).resolve().parents[2]
    read = re.findall(r'"(ASTPANEL_[A-Z_]+)"', (root / "astpanel" / "settings.py").read_text(encoding="utf-8"))
    shown = re.findall(r"^#(ASTPANEL_[A-Z_]+)=", (root / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(shown) == sorted(read)
