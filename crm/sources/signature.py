"""Which configuration is it? From the objects it publishes, or from its name. Pure.

OData does not expose the configuration's name, and the name alone does not tell УТ 10.3 from 11 nor КА 1.1 from 2:
objects that only one family has decide first, then those that part its members.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crm.sources.metadata import Metadata
from crm.sources.registry import (
    BP30,
    BUILTIN,
    CONFIGURATIONS,
    ERP2,
    KA2,
    KA11,
    RARUS,
    UNF,
    UPP,
    UT11,
    UT103,
    Configuration,
)


class Verdict(StrEnum):
    """The values of crm.models.CustomerSource.Verdict, of those that identification gives."""

    RECOGNISED = "recognised"
    MODIFIED = "modified"  # a known family, but what the portal reads of it is not all there; or customers at least
    UNKNOWN = "unknown"
    EMPTY = "empty"
    NO_ACCESS = "no_access"


@dataclass(frozen=True, slots=True)
class Identification:
    """What was found out. `candidates`: codes to choose from, the likeliest first; one when recognised."""

    verdict: Verdict
    candidates: tuple[str, ...] = ()
    host: str = ""  # 1С:CRM lives inside another configuration: its code, if that is known
    missing: tuple[str, ...] = ()  # objects the portal would read and did not find
    objects: int = 0  # published entities
    problem: str = ""  # of NO_ACCESS: crm.sources.odata.Problem

    @property
    def configuration(self) -> str:
        """The code, if it was recognised."""
        return self.candidates[0] if self.verdict is Verdict.RECOGNISED else ""


PARTNERS: Final = ("Catalog_Партнеры", "Catalog_КонтактныеЛицаПартнеров")
ACCOUNTING: Final = "AccountingRegister_Хозрасчетный"
SUPPORTED: Final = tuple(code for code in CONFIGURATIONS if code != BUILTIN)


def by_objects(metadata: Metadata) -> Identification:
    """The verdict on what an OData service publishes."""
    objects = len(metadata.entities)
    if not objects:
        return Identification(Verdict.EMPTY)
    host = _family_member(metadata)
    if _is_rarus(metadata):
        wanted = CONFIGURATIONS[host or RARUS]
        missing = _missing(metadata, wanted)
        if not host and not (metadata.has("Catalog_Партнеры") or metadata.has("Catalog_Контрагенты")):
            missing = (*missing, "Catalog_Партнеры")
        verdict = Verdict.MODIFIED if missing else Verdict.RECOGNISED
        return Identification(verdict, (RARUS, *([host] if host and missing else [])), host, missing, objects)
    if host:
        missing = _missing(metadata, CONFIGURATIONS[host])
        candidates = (host, *(code for code in _relatives(host) if missing))
        return Identification(Verdict.MODIFIED if missing else Verdict.RECOGNISED, candidates, "", missing, objects)
    likely = sorted(SUPPORTED, key=lambda code: len(_missing(metadata, CONFIGURATIONS[code])) if code != RARUS else 99)
    if metadata.has("Catalog_Партнеры") or metadata.has("Catalog_Контрагенты"):
        return Identification(
            Verdict.MODIFIED, tuple(likely), "", _missing(metadata, CONFIGURATIONS[likely[0]]), objects
        )
    return Identification(Verdict.UNKNOWN, SUPPORTED, "", (), objects)


def by_name(name: str, version: str = "") -> Identification:
    """The verdict on the configuration's property «Имя» and its version, as an administrator reads them in 1C.

    Basic and corporate editions put a word behind the name («УправлениеТорговлейБазовая»).
    """
    name, version = name.strip(), version.strip()
    named = [code for code in SUPPORTED if (own := CONFIGURATIONS[code].metadata_name) and name.startswith(own)]
    fitting = [code for code in named if _version_fits(CONFIGURATIONS[code], version)]
    if version and named and not fitting:
        return Identification(Verdict.MODIFIED, tuple(named))
    match fitting:
        case []:
            return Identification(Verdict.UNKNOWN, SUPPORTED)
        case [code]:
            return Identification(Verdict.RECOGNISED, (code,))
        case _:
            return Identification(Verdict.MODIFIED, tuple(fitting))


def together(objects: Identification, name: Identification | None) -> Identification:
    """Objects and the typed name. A name that contradicts what is published makes nothing certain."""
    if name is None or objects.verdict in {Verdict.EMPTY, Verdict.NO_ACCESS} or name.verdict is Verdict.UNKNOWN:
        return objects
    known = {objects.candidates[0], objects.host} if objects.candidates else set()
    if known & set(name.candidates):
        return objects
    candidates = tuple(dict.fromkeys((*name.candidates, *objects.candidates)))
    return Identification(Verdict.MODIFIED, candidates, objects.host, objects.missing, objects.objects)


def _version_fits(configuration: Configuration, version: str) -> bool:
    known = configuration.version
    return not version or not known or version == known or version.startswith(f"{known}.")


def _is_rarus(metadata: Metadata) -> bool:
    if metadata.some("Catalog_CRM_", "Document_CRM_", "InformationRegister_CRM_"):
        return True
    return any(name.startswith("CRM_") for properties in metadata.entities.values() for name in properties)


def _family_member(metadata: Metadata) -> str:
    """The configuration with the objects that no other has; empty if none fits."""
    if all(metadata.has(name) for name in PARTNERS):
        return _of_partners(metadata)
    if metadata.has("Catalog_Партнеры"):
        return ""
    if metadata.has("Catalog_Контрагенты_КонтактнаяИнформация"):
        if metadata.has("Catalog_Лиды") or metadata.has("Document_ЗаказПокупателя"):
            return UNF
        return BP30 if metadata.has(ACCOUNTING) else ""
    register = metadata.has("InformationRegister_КонтактнаяИнформация")
    if register and metadata.has("Catalog_Контрагенты.ОсновнойМенеджерПокупателя_Key"):
        return _of_register(metadata)
    return ""


def _of_partners(metadata: Metadata) -> str:
    if not metadata.has(ACCOUNTING):
        return UT11
    return ERP2 if metadata.some("Document_ЗаказНаПроизводство") else KA2


def _of_register(metadata: Metadata) -> str:
    if not metadata.has(ACCOUNTING):
        return UT103
    international = any("МСФО" in name for name in metadata.entities)
    return UPP if international and metadata.has("Document_ОтчетПроизводстваЗаСмену") else KA11


def _missing(metadata: Metadata, configuration: Configuration) -> tuple[str, ...]:
    return tuple(path for path in configuration.required if not metadata.has(path))


def _relatives(code: str) -> list[str]:
    family = CONFIGURATIONS[code].family
    return [other for other in SUPPORTED if other != code and CONFIGURATIONS[other].family is family]
