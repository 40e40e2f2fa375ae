"""Which words of a text are in the wrong language."""

import re
from collections.abc import Collection
from typing import Final

from crm.sources.registry import CONFIGURATIONS

# Latin words that Russian texts may hold. Each is a name; what is not a name has a Russian word.
PRODUCTS: Final = "astpanel Asterisk FreePBX MikoPBX Askozia Redis JavaScript Windows Yealink Mac"
ABBREVIATIONS: Final = (  # protocols, formats and the like, which have no Russian form
    "AMI AJAM ARI SIP TLS TCP HTTP HTTPS URL WebSocket OData CSV XLSX PEM JSON REST IP ID VPN NTP UTC UTF CVE DND GET "
    "POST E-mail mail Cron cookie hint RU CRM OpenAPI"
)
AS_WRITTEN: Final = (  # what stands so in a configuration file, a dialplan, on a key, or in a command line
    "prefix permit hints enabled bindaddr port yes MixMonitor Linkedid Uniqueid Enter Esc Del Delete "
    "Control Command Ctrl qcluster run"
)
ALLOWED: Final = frozenset(f"{PRODUCTS} {ABBREVIATIONS} {AS_WRITTEN}".split())

_LATIN: Final = re.compile(r"[A-Za-z]{2,}")
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]{2,}")
# A word with a digit, underscore, slash… in it is a technical value: user7, manage.py, write=system, PJSIP/101, {name}.
_TECHNICAL: Final = re.compile(r"[\d_@=/\\$]|\w\.\w|\w:\w|^[-.*#+{]+\w")
_EDGES: Final = ".,:;!?()[]«»“”\"'…"
OF_1C: Final = frozenset(word for one in CONFIGURATIONS.values() for word in _CYRILLIC.findall(str(one.name)))


def latin_words(text: str) -> list[str]:
    """Words of a Russian text that are neither Russian, nor allowed, nor technical values."""
    words = [word.strip(_EDGES) for word in text.split()]
    found = [part for word in words if not _TECHNICAL.search(word) for part in _LATIN.findall(word)]
    return [word for word in found if word not in ALLOWED]


def cyrillic_words(text: str, data: Collection[str]) -> list[str]:
    """Words of an English text that are Russian and neither come from `data` nor name a configuration of 1C."""
    return [word for word in russian_words(text) if word not in data and word not in OF_1C]


def russian_words(text: str) -> list[str]:
    """All of them."""
    return _CYRILLIC.findall(text)
