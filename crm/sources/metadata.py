"""`$metadata` of an OData service → the names of its entities and their properties. Pure; reads piece by piece.

The document of a big configuration has tens of megabytes. It comes from a machine that somebody else administers:
document type declarations (and with them entities) are refused, and so is too much of anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from xml.parsers import expat

MOST_BYTES: Final = 128 * 1024 * 1024
MOST_NAMES: Final = 2_000_000  # properties; the biggest standard configurations have a few hundred thousand


class Fault(StrEnum):
    """Why a document cannot be read."""

    NOT_XML = "not_xml"
    NOT_ODATA = "not_odata"  # XML, but no EDMX document
    DOCTYPE = "doctype"
    TOO_LARGE = "too_large"


class MetadataError(Exception):
    """The document is not usable."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Metadata:
    """Entity name → names of its properties, navigation properties too. Empty: published, but nothing selected."""

    entities: dict[str, frozenset[str]] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        """`Entity` or `Entity.Property`."""
        entity, _, name = path.partition(".")
        return entity in self.entities and (not name or name in self.entities[entity])

    def some(self, *starts: str) -> bool:
        """An entity whose name begins so."""
        return any(name.startswith(starts) for name in self.entities)


class _Reader:
    """The handlers of one parse."""

    def __init__(self) -> None:
        self.entities: dict[str, set[str]] = {}
        self.root = ""
        self._names = 0
        self._entity: set[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(" ")[2]
        if not self.root:
            self.root = kind
            if kind != "Edmx":
                raise MetadataError(Fault.NOT_ODATA)
        name = attributes.get("Name", "")
        if kind == "EntityType" and name:
            self._entity = self.entities.setdefault(name, set())
        elif kind in {"Property", "NavigationProperty"} and name and self._entity is not None:
            self._entity.add(name)
        else:
            return
        self._names += 1
        if self._names > MOST_NAMES:
            raise MetadataError(Fault.TOO_LARGE)

    def _end(self, tag: str) -> None:
        if tag.rpartition(" ")[2] == "EntityType":
            self._entity = None

    @staticmethod
    def _doctype(*_: object) -> None:
        raise MetadataError(Fault.DOCTYPE)


def read_metadata(pieces: Iterable[bytes]) -> Metadata:
    """The document, in pieces of any size. Raises MetadataError."""
    reader, size = _Reader(), 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > MOST_BYTES:
                raise MetadataError(Fault.TOO_LARGE)
            reader.parser.Parse(piece, False)
        reader.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # a wrong or unknown encoding is one of the latter
        raise MetadataError(Fault.NOT_XML) from error
    return Metadata({name: frozenset(properties) for name, properties in reader.entities.items()})
