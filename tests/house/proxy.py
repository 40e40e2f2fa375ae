"""The samples of deploy/ at work: the web process as its unit starts it, nginx in front of it as its file says."""

import os
import re
import shlex
import socket
import ssl
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tests.servers import Server, free_port

ROOT: Final = Path(__file__).parents[2]
NGINX: Final = ROOT / "deploy" / "nginx" / "astpanel.conf"
UNITS: Final = ROOT / "deploy" / "systemd"
NAME: Final = "panel.example.com"
INSTALLED: Final = "/opt/astpanel"
MAIN: Final = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/start.log;
events {{}}
http {{
    types {{ text/html html; text/css css; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def started_by(unit: str) -> list[str]:
    """The command of a unit, with this checkout in the place of the installed one."""
    line = re.search(r"^ExecStart=(.+)$", (UNITS / f"astpanel-{unit}.service").read_text(), re.M)
    assert line is not None
    return shlex.split(line[1].replace(f"{INSTALLED}/.venv/bin/python", sys.executable).replace(INSTALLED, str(ROOT)))


def environment(folder: Path, database: str) -> dict[str, str]:
    """As docs/operations.md has it; none of the developer's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASTPANEL_")}
    return kept | {
        "ASTPANEL_HTTPS": "yes",
        "ASTPANEL_HOSTS": NAME,
        "ASTPANEL_ORIGINS": f"https://{NAME}",
        "ASTPANEL_VAR": str(folder),
        "ASTPANEL_DATABASE": database,
        "ASTPANEL_SECRET_KEY": settings.SECRET_KEY,
        "ASTPANEL_FIELD_KEYS": ",".join(settings.FIELD_KEYS),
    }


class Web(Server):
    """The web process on a port of the test's."""

    def __init__(self, database: str) -> None:
        super().__init__("web")
        self._database = database

    def command(self) -> list[str]:
        """Through `setpriv` and `env`, which become daphne: the process id stays."""
        command = started_by("web")
        command[command.index("8000")] = str(self.port)
        variables = [f"{key}={value}" for key, value in environment(self.folder, self._database).items()]
        variables += [f"PYTHONPATH={ROOT}"]
        return ["setpriv", "--pdeathsig", "KILL", "--", "env", "-i", *variables, *command]

    def ready(self) -> bool:
        """It accepts connections."""
        return listens(self.port)

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "log").read_text()


class Nginx(Server):
    """nginx with the sample; ports, paths and certificate are the test's, all else is the sample's."""

    def __init__(self, executable: Path, web: Web) -> None:
        super().__init__("nginx")
        self._executable = executable
        self.plain = free_port()
        certificate(self.folder)
        (self.folder / "site.conf").write_text(self._site(web.port))
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(user + MAIN.format(folder=self.folder))

    def _site(self, web: int) -> str:
        text = NGINX.read_text()
        for old, new, times in (
            ("listen [::]:80;", "", 1),
            ("listen [::]:443 ssl http2;", "", 1),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};", 1),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.port} ssl http2;", 1),
            ("server 127.0.0.1:8000;", f"server 127.0.0.1:{web};", 1),
            ("/etc/ssl/astpanel", str(self.folder), 2),
            ("/var/log/nginx", str(self.folder), 4),
            (INSTALLED, str(ROOT), 1),
        ):
            assert text.count(old) == times, old
            text = text.replace(old, new)
        return text

    def command(self) -> list[str]:
        """One process in the foreground."""
        return ["setpriv", "--pdeathsig", "KILL", "--", str(self._executable), "-c", f"{self.folder}/nginx.conf"]

    def ready(self) -> bool:
        """Both doors are open."""
        return listens(self.port) and listens(self.plain)

    @property
    def logs(self) -> str:
        """All that nginx has logged so far."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*log")))

    @property
    def trust(self) -> ssl.SSLContext:
        """Of whoever trusts the test's certificate and nothing else."""
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))


class Visitor:
    """A browser at an address of the loopback; the certificate is checked against the portal's name."""

    def __init__(self, nginx: Nginx, address: str = "127.0.0.1") -> None:
        transport = httpx.HTTPTransport(verify=nginx.trust, local_address=address)
        self._client = httpx.Client(transport=transport, base_url=f"https://127.0.0.1:{nginx.port}", timeout=60)
        self._client.headers.update({"Host": NAME, "Origin": f"https://{NAME}"})

    @property
    def cookies(self) -> httpx.Cookies:
        """What it keeps."""
        return self._client.cookies

    def get(self, path: str, **headers: str) -> httpx.Response:
        """No redirect is followed."""
        return self._ask("GET", path, headers=headers)

    def post(self, path: str, headers: dict[str, str] | None = None, **sent: Any) -> httpx.Response:
        """`sent`: data, files or content."""
        return self._ask("POST", path, headers=headers or {}, **sent)

    def log_in(self, name: str, password: str, **headers: str) -> httpx.Response:
        """As the form of the page does."""
        page = self.get("/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        data = {"csrfmiddlewaretoken": token[1], "username": name, "password": password}
        return self.post("/login/", headers, data=data)

    def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return self._client.request(method, path, extensions={"sni_hostname": NAME}, **sent)

    def close(self) -> None:
        """The browser is closed."""
        self._client.close()


def certificate(folder: Path) -> None:
    """A self-signed one for the portal's name, for an hour."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), _named(NAME), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def listens(port: int) -> bool:
    """Somebody does on this port of the loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
