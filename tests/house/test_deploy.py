"""`manage.py check --deploy` of an installation as it is documented: behind TLS, with names of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DOCUMENTED: Final = {
    "ASTPANEL_HTTPS": "yes",
    "ASTPANEL_HOSTS": "panel.example.com",
    "ASTPANEL_ORIGINS": "https://panel.example.com",
}
COOKIES: Final = """
import django; django.setup()
from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
client = Client(headers={"host": "panel.example.com"})
plain = client.get("/login/")
print(plain.status_code, plain.headers["Location"])
print(client.get("/healthz").status_code)
secure = client.get("/login/", headers={"x-forwarded-proto": "https"})
print(secure.status_code, secure.headers["Strict-Transport-Security"])
cookie = client.cookies["__Host-csrftoken"]
print(cookie["path"], cookie["domain"] or "-", cookie["secure"], cookie["httponly"], cookie["samesite"])
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_AGE)
"""


def manage(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process with exactly these settings; none of the developer's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASTPANEL_")}
    env = kept | {"ASTPANEL_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "astpanel.settings"} | environment
    command = (sys.executable, *command)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)


def check(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return manage(folder, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)


def test_the_documented_installation_is_clean(tmp_path: Path) -> None:
    done = check(tmp_path, **DOCUMENTED)
    assert (done.returncode, done.stderr, done.stdout) == (
        0,
        "",
        "System check identified no issues (1 silenced).\n",
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ASTPANEL_HTTPS": "no"}, "security.W012"),
        ({"ASTPANEL_HSTS_SECONDS": "0"}, "security.W004"),
        ({"ASTPANEL_HSTS_SUBDOMAINS": "no"}, "security.W005"),
        ({"ASTPANEL_DEBUG": "yes"}, "astpanel.E002"),
        ({"ASTPANEL_SECRET_KEY": "short"}, "astpanel.E001"),
        ({"ASTPANEL_HOSTS": "*"}, "astpanel.W006"),
    ],
)
def test_what_is_less_safe_is_said(tmp_path: Path, change: dict[str, str], expected: str) -> None:
    done = check(tmp_path, **DOCUMENTED | change)
    assert (done.returncode, expected in done.stderr) == (1, True), done.stderr


def test_cookies_and_headers_behind_tls(tmp_path: Path) -> None:
    assert manage(tmp_path, "manage.py", "migrate", "-v0", **DOCUMENTED).returncode == 0
    done = manage(tmp_path, "-c", COOKIES, **DOCUMENTED)
    assert done.stdout.splitlines() == [
        "301 https://panel.example.com/login/",
        "200",
        "200 max-age=31536000; includeSubDomains",
        "/ - True True Lax",
        "__Host-sessionid 604800",
    ], done.stderr
