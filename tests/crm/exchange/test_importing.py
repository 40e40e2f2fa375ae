"""From a file to the directory: who is found, what is joined, what is left alone."""

import pytest
from django.core.exceptions import ValidationError

from crm.exchange.services import begin_import
from crm.models import ContactPerson, Counterparty
from tests.crm.exchange.files import bring, check, counts, csv_file, faults, values
from tests.factories import (
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
WHOLE = (
    "Контрагент;Вид;Ответственный менеджер;Примечание;Внешний код;В архиве;Контактное лицо;Должность;Внешний код лица;"
    "Телефоны;Основной;E-mail;Адрес"
)


def test_a_company_and_its_person() -> None:
    manager = PanelUserFactory(username="petrov", last_name="Петров", first_name="Пётр", patronymic="", number="101")
    made = bring(
        csv_file(
            'ООО «Тюльпан»;компания;101;"Звонить\nдо обеда";A-1;нет;;;;"+7 495 111-22-33; 8 916 111-22-33 доб. 5";'
            "8 916 111-22-33 доб 5;info@example.com, Buh@example.com;Москва, Садовая, 1",
            "ООО «Тюльпан»;;;;A-1;да;Анна Чижова;бухгалтер;P-7;8(495)1112233,,5;да;;",
            header=WHOLE,
        )
    )
    assert (counts(made), faults(made)) == ({"new": 2}, [])
    company = Counterparty.objects.get()
    assert (company.name, company.kind, company.manager, company.note, company.external_ref, company.archived) == (
        "ООО «Тюльпан»", "company", manager, "Звонить\nдо обеда", "A-1", False,
    )  # fmt: skip
    assert values(company) == [
        ("phone", "8 916 111-22-33 доб. 5", True),
        ("email", "info@example.com", True),
        ("address", "Москва, Садовая, 1", True),
        ("phone", "+7 495 111-22-33", False),
        ("email", "Buh@example.com", False),
    ]
    person = ContactPerson.objects.get()
    assert (person.name, person.counterparty, person.position, person.external_ref, person.archived) == (
        "Анна Чижова", company, "бухгалтер", "P-7", True,
    )  # fmt: skip
    assert list(person.contact_info.values_list("value", "e164", "extension", "is_main")) == [
        ("8(495)1112233,,5", "+74951112233", "5", True)
    ]


@pytest.mark.parametrize("how", ["petrov", "PETROV", "Петров Пётр", "Петров Пётр Ильич", "101"])
def test_ways_to_name_a_manager(how: str) -> None:
    PanelUserFactory(username="petrov", last_name="Петров", first_name="Пётр", patronymic="Ильич", number="101")
    bring(csv_file(f"Луч;{how}", header="Контрагент;Менеджер"))
    assert Counterparty.objects.get().manager.username == "petrov"  # type: ignore[union-attr]  # just brought


def test_managers_nobody_knows_and_two_of_one_name() -> None:
    for username in ("petrov", "petrov2"):
        PanelUserFactory(username=username, last_name="Петров", first_name="Пётр", patronymic="")
    made = bring(csv_file("Луч;Сидоров", "Заря;Петров Пётр", "Маяк;petrov2", header="Контрагент;Менеджер"))
    assert faults(made) == [
        (2, "There is no panel user “Сидоров”."),
        (3, "Several panel users are meant by “Петров Пётр”: say the log-in."),
    ]
    assert list(Counterparty.objects.values_list("name", flat=True)) == ["Маяк"]


def test_found_by_external_reference_gets_the_new_name() -> None:
    company = CounterpartyFactory(name="Старое имя", external_ref="A-1")
    assert counts(bring(csv_file("Новое имя;A-1;;"))) == {"changed": 1}
    company.refresh_from_db()
    assert (company.name, company.name_key, Counterparty.objects.count()) == ("Новое имя", "новое имя", 1)


def test_found_by_folded_name_keeps_its_name_and_gets_the_reference() -> None:
    company = CounterpartyFactory(name="ООО «Ёлка»", phone="+7 495 111-22-33")
    assert counts(bring(csv_file('"ооо ""ЕЛКА""";A-1;;8 (495) 111-22-33'))) == {"changed": 1}
    company.refresh_from_db()
    assert (company.name, company.external_ref, values(company)) == (
        "ООО «Ёлка»", "A-1", [("phone", "+7 495 111-22-33", False)],
    )  # fmt: skip


def test_same_name_with_another_reference_is_somebody_else() -> None:
    CounterpartyFactory(name="Луч", external_ref="A-1")
    assert counts(bring(csv_file("Луч;A-2;;"))) == {"new": 1}
    assert list(Counterparty.objects.order_by("id").values_list("external_ref", flat=True)) == ["A-1", "A-2"]


def test_several_of_the_name_are_not_guessed() -> None:
    CounterpartyFactory.create_batch(2, name="Луч")
    made = bring(csv_file("Луч;;;+74951112233", "Луч;;Анна;"))
    text = "Several customers have this name: say which by the external code."
    assert (counts(made), faults(made)) == ({"error": 2}, [(2, text), (3, text)])


def test_a_number_of_somebody_else_is_shown_and_not_merged() -> None:
    CounterpartyFactory(name="Тюльпан", phone="+7 495 111-22-33")
    data = csv_file("Тюльпан ООО;;;8 495 1112233", "Луч;;;")
    made = bring(data)
    assert (counts(made), faults(made), list(made.faults.values_list("duplicate", flat=True))) == (
        {"new": 1, "duplicate": 1},
        [(2, "8 495 1112233 belongs to Тюльпан: perhaps it is the same customer.")],
        [True],
    )
    assert counts(bring(data, with_duplicates=True)) == {"new": 1, "same": 1}
    assert sorted(Counterparty.objects.values_list("name", flat=True)) == ["Луч", "Тюльпан", "Тюльпан ООО"]


def test_two_of_one_file_may_share_a_number() -> None:
    data = csv_file("Луч;;;+74951112233", "Заря;;;+74951112233")
    assert (counts(bring(data)), counts(bring(data))) == ({"new": 2}, {"same": 2})


def test_what_the_source_keeps_is_not_overwritten() -> None:
    source = CustomerSourceFactory()
    company = CounterpartyFactory(name="Луч", source=source, external_ref="A-1", note="n", phone="+7 495 111-22-33")
    ContactPersonFactory(counterparty=company, source=source, name="Анна", external_ref="P-1")
    made = bring(
        csv_file(
            "Луч;A-1;;+7 495 111-22-33",
            "Луч;A-1;;+7 495 111-22-34",
            "Луч;A-1;Анна;+7 495 111-22-35",
            "Луч;A-1;Пётр;1112236",
        )
    )
    kept = "{} comes from the source of customers, which keeps it: change it there."
    assert (counts(made), faults(made)) == (
        {"same": 1, "new": 1, "error": 2},
        [(3, kept.format("Луч")), (4, kept.format("Анна"))],
    )
    renamed = bring(csv_file("Другое имя;A-1;;"))
    assert (faults(renamed), Counterparty.objects.get().name) == ([(2, kept.format("Луч"))], "Луч")


def test_who_was_merged_away_is_found_as_who_was_kept() -> None:
    kept = CounterpartyFactory(name="Луч")
    CounterpartyFactory(
        name="Луч ООО", external_ref="A-2", merged_into=CounterpartyFactory(name="Луч 2", merged_into=kept)
    )
    assert counts(bring(csv_file("Луч ООО;A-2;;+7 495 111-22-33"))) == {"changed": 1}
    assert (values(kept), kept.name, Counterparty.objects.count()) == ([("phone", "+7 495 111-22-33", True)], "Луч", 3)


def test_the_file_from_before_a_merge() -> None:
    kept = CounterpartyFactory(name="Луч", note="было")
    CounterpartyFactory(name="Луч ООО", merged_into=kept)
    data = csv_file("Луч;раз;+7 495 111-22-33", "Луч ООО;два;+7 495 111-22-34", header="Контрагент;Примечание;Телефон")
    assert counts(bring(data)) == {"changed": 2}
    kept.refresh_from_db()
    assert (kept.note, values(kept)) == (
        "два",
        [("phone", "+7 495 111-22-33", True), ("phone", "+7 495 111-22-34", False)],
    )


def test_the_old_name_of_somebody_whom_the_same_file_renames() -> None:
    company = CounterpartyFactory(name="Заря", external_ref="A-1")
    assert counts(bring(csv_file("Луч;A-1;;", "Заря;;;"))) == {"changed": 1, "new": 1}
    company.refresh_from_db()
    assert (company.name, list(Counterparty.objects.order_by("id").values_list("name", "external_ref"))) == (
        "Луч",
        [("Луч", "A-1"), ("Заря", "")],
    )


def test_merges_in_a_circle_lead_nowhere() -> None:
    one, two = CounterpartyFactory(name="Луч", external_ref="A-1"), CounterpartyFactory(name="Заря")
    Counterparty.objects.filter(pk=one.pk).update(merged_into=two)
    Counterparty.objects.filter(pk=two.pk).update(merged_into=one)
    assert counts(bring(csv_file("Луч;A-1;;"))) == {"new": 1}


def test_empty_cells_leave_what_is_there() -> None:
    company = CounterpartyFactory(name="Луч", note="n", archived=True, manager=PanelUserFactory(), phone="+74951112233")
    before = Counterparty.objects.values().get()
    assert counts(bring(csv_file("Луч;;;;;;;;;;;;", header=WHOLE))) == {"same": 1}
    assert (Counterparty.objects.values().get(), len(values(company))) == (before, 1)


def test_rows_that_contradict_each_other() -> None:
    made = bring(
        csv_file(
            "Луч;A-1;company;первое",
            "Луч;A-1;person;",
            "Заря;A-1;;",
            "Луч;;;второе",
            header="Контрагент;Внешний код;Вид;Примечание",
        )
    )
    assert (counts(made), faults(made)) == (
        {"new": 1, "error": 3},
        [
            (3, "Row 2 says something else of the same customer: Вид."),
            (4, "Row 2 has the same external code with another name."),
            (5, "Row 2 says something else of the same customer: Примечание."),
        ],
    )


def test_two_references_of_one_name_and_a_row_of_the_name_alone() -> None:
    made = bring(csv_file("Луч;A-1;;", "Луч;A-2;;", "Луч;;Анна;"))
    assert (counts(made), faults(made)) == (
        {"new": 2, "error": 1},
        [(4, "Several in this file have this name: say which by the external code.")],
    )


def test_main_moves_to_the_number_that_is_named() -> None:
    company = CounterpartyFactory(name="Луч")
    bring(csv_file("Луч;+7 495 111-22-33, +7 495 111-22-34;", header="Контрагент;Телефон;Основной"))
    assert counts(bring(csv_file("Луч;;84951112234", header="Контрагент;Телефон;Основной"))) == {"changed": 1}
    assert values(company) == [("phone", "+7 495 111-22-34", True), ("phone", "+7 495 111-22-33", False)]
    made = bring(csv_file("Луч;;84951119999", header="Контрагент;Телефон;Основной"))
    assert faults(made) == [(2, "The main number is none of its phones.")]


def test_a_change_is_in_the_journal() -> None:
    from auditlog.models import LogEntry  # noqa: PLC0415 - the one test that looks at it

    by = PanelUserFactory(admin=True)
    company = CounterpartyFactory(name="Луч", note="было")
    bring(csv_file("Луч;стало", header="Контрагент;Примечание"), by)
    entry = LogEntry.objects.filter(object_pk=str(company.pk), changes__has_key="note").latest("pk")
    assert (entry.actor, entry.changes) == (by, {"note": ["было", "стало"]})


def test_the_second_click_is_told_and_faults_are_not_overlooked() -> None:
    made = check(csv_file("Луч;;;", "Заря;;;телефон"))
    with pytest.raises(ValidationError):
        begin_import(made=made, by=None, only_valid=False, with_duplicates=False)
    begin_import(made=made, by=None, only_valid=True, with_duplicates=False)
    with pytest.raises(ValidationError):
        begin_import(made=made, by=None, only_valid=True, with_duplicates=False)
    assert list(Counterparty.objects.values_list("name", flat=True)) == ["Луч"]
