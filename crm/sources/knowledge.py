"""What a look at the base found: objects, fields, examples. A value; as JSON in the result of the job. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crm.sources.field_map import FieldMap, MapError, from_json
from crm.sources.metadata import Metadata

CATALOG, REGISTER = "Catalog_", "InformationRegister_"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`properties`: of the objects in the map. `examples`: `Entity.Property` → the first values that are not empty.

    `kinds`, `requisites`: reference → name, of their kinds of contact information and of additional requisites.
    """

    field_map: FieldMap
    proposed: FieldMap
    catalogs: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    properties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    requisites: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)  # entity → code of why it could not be read

    def as_json(self) -> dict[str, Any]:
        """What `from_result` reads."""
        return asdict(self)

    @property
    def metadata(self) -> Metadata:
        """As much of it as is known: enough to say whether the map fits."""
        known = {name: frozenset(names) for name, names in self.properties.items()}
        return Metadata({name: known.get(name, frozenset()) for name in (*self.catalogs, *self.registers, *known)})


def from_result(result: Any) -> Knowledge | None:
    """None: no result, or one of another version."""
    if not isinstance(result, Mapping):
        return None
    try:
        return Knowledge(
            field_map=from_json(result["field_map"]),
            proposed=from_json(result["proposed"]),
            catalogs=_texts(result["catalogs"]),
            registers=_texts(result["registers"]),
            properties={str(name): _texts(names) for name, names in result["properties"].items()},
            examples={str(path): _texts(values) for path, values in result["examples"].items()},
            kinds={str(ref): str(name) for ref, name in result["kinds"].items()},
            requisites={str(ref): str(name) for ref, name in result["requisites"].items()},
            faults={str(name): str(code) for name, code in result["faults"].items()},
        )
    except (MapError, KeyError, TypeError, AttributeError):
        return None


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
