"""The configuration of one test PBX: templates of this folder, the shipped snippets, and its own ports and folders."""

import random
import re
import socket
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import trustme

TEMPLATES: Final = Path(__file__).parent / "templates"
SHIPPED: Final = Path(__file__).parent.parent.parent / "deploy/asterisk"
SECRET: Final = "s3cret"
EXTENSIONS: Final = tuple(str(number) for number in range(101, 111))
BROWSER_PHONES: Final = frozenset({"107", "108"})  # WebRTC over /ws
DEBIAN_DEFAULTS: Final = (  # files that Asterisk wants and the bed has no opinion on
    "indications.conf",
    "musiconhold.conf",
    "codecs.conf",
    "stasis.conf",
    "sorcery.conf",
    "pjproject.conf",
    "udptl.conf",
)
_PLACE = re.compile(r"@\{(\w+)\}")


def free_port(kind: socket.SocketKind) -> int:
    """A port on loopback that nobody holds now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tcp() -> int:
    return free_port(socket.SOCK_STREAM)


def _udp() -> int:
    return free_port(socket.SOCK_DGRAM)


def _rtp_start() -> int:
    # Below the ephemeral ports. Two PBXs may overlap: Asterisk tries the next port of the range.
    return random.randrange(20_000, 32_000, 400)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where one PBX listens, all on 127.0.0.1; `trunk` is where it expects the phone that plays the PSTN."""

    sip: int = field(default_factory=_udp)
    trunk: int = field(default_factory=_udp)
    ami: int = field(default_factory=_tcp)
    ami_tls: int = field(default_factory=_tcp)
    http: int = field(default_factory=_tcp)
    https: int = field(default_factory=_tcp)
    rtp_start: int = field(default_factory=_rtp_start)


def password(number: str) -> str:
    """SIP password of an extension of the bed."""
    return f"pw{number}"


def _phone_section(number: str) -> str:
    webrtc = "webrtc = yes\n" if number in BROWSER_PHONES else ""
    return (
        f'[{number}](phone)\nauth = {number}\naors = {number}\ncallerid = "User {number}" <{number}>\n{webrtc}\n'
        f"[{number}](auth)\nusername = {number}\npassword = {password(number)}\n\n[{number}](aor)\n\n"
    )


def _hints() -> str:
    return "[hints]\n" + "".join(f"exten => {n},hint,PJSIP/{n}&Custom:DND{n}\n" for n in EXTENSIONS)


def write(*, chroot: Path, home: str, ports: Ports) -> None:
    """Fill `home` (a path inside the chroot) with everything that Asterisk needs to start there."""
    inside = chroot / home.lstrip("/")
    for folder in ("etc", "db", "keys", "run", "log", "spool/recording", "spool/voicemail", "spool/tmp"):
        (inside / folder).mkdir(parents=True, exist_ok=True)
    values = {f"{name}_port": str(port) for name, port in asdict(ports).items()}
    values |= {"rtp_start": str(ports.rtp_start), "rtp_end": str(ports.rtp_start + 399)}
    values |= {"home": home, "secret": SECRET, "modules": _module_folder(chroot)}
    for template in TEMPLATES.glob("*.conf"):
        (inside / "etc" / template.name).write_text(_PLACE.sub(lambda place: values[place[1]], template.read_text()))
    for shipped in SHIPPED.glob("manager_*.conf"):
        (inside / "etc" / shipped.name).write_text(shipped.read_text().replace("CHANGE-ME", SECRET))
    (inside / "etc/pjsip_phones.conf").write_text("".join(map(_phone_section, EXTENSIONS)))
    (inside / "etc/extensions_hints.conf").write_text(_hints())
    for name in DEBIAN_DEFAULTS:
        if (chroot / "etc/asterisk" / name).exists():
            (inside / "etc" / name).write_bytes((chroot / "etc/asterisk" / name).read_bytes())
    _write_certificate(inside / "keys")


def _module_folder(chroot: Path) -> str:
    """Debian keeps the modules of 16 and of 22 in different places."""
    found = next(chroot.glob("usr/lib/**/asterisk/modules"))
    return "/" + str(found.relative_to(chroot))


def _write_certificate(folder: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    issued.cert_chain_pems[0].write_to_path(str(folder / "ami.crt"))
    issued.private_key_pem.write_to_path(str(folder / "ami.key"))
    authority.cert_pem.write_to_path(str(folder / "ca.crt"))
