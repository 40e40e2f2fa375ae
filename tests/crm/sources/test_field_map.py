"""The field map: proposed from what is published, kept as JSON, held against a base that has changed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.sources.field_map import (
    Contacts,
    Customers,
    FieldMap,
    KindRule,
    Legal,
    MapError,
    Persons,
    Users,
    from_json,
)
from crm.sources.map_problems import Finding, MapProblem, problems
from crm.sources.metadata import Metadata
from crm.sources.proposal import propose
from tests.crm.sources.documents import FAMILIES, STRANGE, UT11

REF = "f9e52726-2faf-4dca-85d0-559b80df2c53"


def metadata_of(code: str) -> Metadata:
    return Metadata({name: frozenset(properties) for name, properties in FAMILIES[code].items()})


def test_the_family_of_partners() -> None:
    section = "КонтактнаяИнформация"
    assert propose(metadata_of("ut11")) == FieldMap(
        customers=(Customers("Catalog_Партнеры", manager="ОсновнойМенеджер_Key", section=section),),
        persons=(
            Persons("Catalog_КонтактныеЛицаПартнеров", "Owner_Key", position="ДолжностьПоВизитке", section=section),
        ),
        legal=(Legal("Catalog_Контрагенты", "Партнер_Key"),),
        users=(Users("Catalog_Пользователи"),),
        contacts=Contacts(storage="tabular", kind="Вид_Key", digits="НомерТелефона"),
        kinds_entity="Catalog_ВидыКонтактнойИнформации",
    )
    assert propose(metadata_of("rarus_crm")).contacts.main == "CRM_ОсновнойДляСвязи"


def test_the_family_of_the_register() -> None:
    assert propose(metadata_of("ut103")) == FieldMap(
        customers=(Customers("Catalog_Контрагенты", manager="ОсновнойМенеджерПокупателя_Key"),),
        persons=(Persons("Catalog_КонтактныеЛицаКонтрагентов", "Owner_Key"),),
        users=(Users("Catalog_Пользователи"),),
        contacts=Contacts(
            storage="register",
            entity="InformationRegister_КонтактнаяИнформация",
            owner="Объект",
            owner_type="Объект_Type",
            kind="Вид",
        ),
        kinds_entity="Catalog_ВидыКонтактнойИнформации",
    )


def test_the_natural_person_behind_a_contact_person() -> None:
    entities = dict(FAMILIES["ut103"])
    entities["Catalog_КонтактныеЛицаКонтрагентов"] += ("КонтактноеЛицо_Key",)
    entities["Catalog_КонтактныеЛица"] = ("Ref_Key", "Description")
    found = propose(Metadata({name: frozenset(properties) for name, properties in entities.items()}))
    (persons,) = found.persons
    assert (persons.linked, persons.linked_entity) == ("КонтактноеЛицо_Key", "Catalog_КонтактныеЛица")


@pytest.mark.parametrize("code", FAMILIES)
def test_what_is_proposed_fits(code: str) -> None:
    metadata = metadata_of(code)
    proposed = propose(metadata)
    assert [finding for finding in problems(proposed, metadata) if finding.blocks] == []
    assert from_json(json.loads(json.dumps(proposed.as_json()))) == proposed
    assert proposed.keeps_managers == (code != "bp30")


def test_nothing_is_proposed_for_strangers() -> None:
    assert propose(Metadata({name: frozenset(properties) for name, properties in STRANGE.items()})) == FieldMap()
    assert problems(FieldMap(), Metadata())[0] == Finding(MapProblem.NO_CUSTOMERS)


def test_a_base_that_has_changed() -> None:
    proposed = propose(metadata_of("ut11"))
    entities = {name: set(properties) for name, properties in UT11.items() if name != "Catalog_КонтактныеЛицаПартнеров"}
    entities["Catalog_Партнеры"].remove("ОсновнойМенеджер_Key")
    del entities["Catalog_Партнеры_КонтактнаяИнформация"]
    found = problems(proposed, Metadata({name: frozenset(properties) for name, properties in entities.items()}))
    assert found == (
        Finding(MapProblem.NO_PROPERTY, "Catalog_Партнеры.ОсновнойМенеджер_Key"),
        Finding(MapProblem.NO_SECTION, "Catalog_Партнеры_КонтактнаяИнформация"),
        Finding(MapProblem.NO_ENTITY, "Catalog_КонтактныеЛицаПартнеров"),
    )


def test_notices_do_not_block() -> None:
    bare = FieldMap(customers=(Customers("Catalog_Партнеры"),))
    found = problems(bare, metadata_of("ut11"))
    assert [(finding.problem.value, finding.blocks) for finding in found] == [
        ("no_numbers", False),
        ("no_manager", False),
        ("no_persons", False),
    ]
    twice = replace(bare, legal=(Legal("Catalog_Партнеры", "Ref_Key"),))
    assert Finding(MapProblem.TWICE, "Catalog_Партнеры") in problems(twice, metadata_of("ut11"))


@pytest.mark.parametrize(
    "value",
    [
        [],
        None,
        {"customers": [{}]},
        {"customers": [{"entity": "Catalog_X", "name": "a b"}]},
        {"customers": [{"entity": "Catalog_X/../Y"}]},
        {"customers": [{"entity": "Catalog_X", "requisite": "' or 1 eq 1"}]},
        {"customers": [{"entity": "Catalog_X", "unknown": "x"}]},
        {"customers": [{"entity": "Catalog_X"}] * 11},
        {"persons": [{"entity": "Catalog_X"}]},
        {"contacts": {"storage": "elsewhere"}},
        {"contacts": {"phones": ["a", 1]}},
        {"kinds": [{"ref": "x", "owner": "person", "kind": 1}]},
        {"kinds": [{"ref": REF, "owner": "user", "kind": 1}]},
        {"kinds": 3},
    ],
)
def test_what_is_no_map(value: Any) -> None:
    with pytest.raises(MapError):
        from_json(value)


def test_kinds_are_kept() -> None:
    value = FieldMap(kinds=(KindRule(REF, "person", 7),))
    assert from_json(json.loads(json.dumps(value.as_json()))) == value
    assert from_json({}) == FieldMap()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["customers", "contacts", "kinds", "entity", "phones"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_a_map_or_refused(value: Any) -> None:
    try:
        found = from_json(value)
    except MapError:
        return
    assert from_json(found.as_json()) == found
