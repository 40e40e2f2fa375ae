"""`$metadata` of a Base, as 1C writes it: entity types with keys, tabular parts twice (own entity and row type)."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from tests.crm.sources.onec_base import PART, Base, Table


def document(base: Base) -> bytes:
    """The EDMX document."""
    types = "".join(part for table in base.tables.values() for part in _types(table))
    sets = "".join(
        f"<EntitySet Name={quoteattr(name)} EntityType={quoteattr(f'StandardODATA.{name}')}/>" for name in _names(base)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">'
        '<edmx:DataServices xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" '
        'm:DataServiceVersion="3.0"><Schema Namespace="StandardODATA" '
        f'xmlns="http://schemas.microsoft.com/ado/2009/11/edm">{types}'
        f'<EntityContainer Name="EnterpriseV8" m:IsDefaultEntityContainer="true">{sets}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    ).encode()


def _names(base: Base) -> Iterable[str]:
    for table in base.tables.values():
        yield table.name
        yield from (f"{table.name}_{part}" for part in table.parts)


def _types(table: Table) -> Iterable[str]:
    parts = {part: f"Collection(StandardODATA.{table.name}_{part}_RowType)" for part in table.parts}
    yield _type("EntityType", table.name, table.key, {**table.columns, **parts})
    for part, columns in table.parts.items():
        yield _type("EntityType", f"{table.name}_{part}", tuple(PART), {**PART, **columns})
        yield _type("ComplexType", f"{table.name}_{part}_RowType", (), {**PART, **columns})


def _type(tag: str, name: str, key: Iterable[str], columns: Mapping[str, str]) -> str:
    keys = "".join(f"<PropertyRef Name={quoteattr(one)}/>" for one in key)
    properties = "".join(
        f'<Property Name={quoteattr(column)} Type={quoteattr(type_)} Nullable="true"/>'
        for column, type_ in columns.items()
    )
    links = "".join(
        f'<NavigationProperty Name={quoteattr(column.removesuffix("_Key"))} Relationship="StandardODATA.{name}_link" '
        'FromRole="Begin" ToRole="End"/>'
        for column in columns
        if column.endswith("_Key") and column != "Ref_Key" and tag == "EntityType"
    )
    return f"<{tag} Name={quoteattr(name)}>{f'<Key>{keys}</Key>' if keys else ''}{properties}{links}</{tag}>"
