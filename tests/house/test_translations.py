"""Russian and English: no page shows a word of the other language."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override
from django.views import defaults
from django.views.csrf import csrf_failure

from tests.house import walked_customers, walked_pages
from tests.house.foreign_words import cyrillic_words, latin_words
from tests.house.visible_text import visible_texts
from tests.house.walked_data import Office
from tests.house.walked_pages import NOT_PAGES, Visit

LANGUAGES = ["ru", "en"]
PARTS = [
    walked_pages.of_models,
    walked_pages.of_the_admin,
    walked_pages.of_the_assistant,
    walked_pages.of_everybody,
    walked_customers.of_cards,
    walked_customers.of_placing,
]
SAID = ("text", "detail")
ANSWERS = {200, 204, 400, 403, 404, 409, 429}
both_languages = pytest.mark.parametrize("language", LANGUAGES)


def foreign(texts: list[str], language: str, data: set[str]) -> list[str]:
    """Those of the texts that hold a word of the other language."""
    return [text for text in texts if (latin_words(text) if language == "ru" else cyrillic_words(text, data))]


def texts_of(answer: Any, language: str) -> list[str]:
    """What is read of an answer, and what it has the page say; nothing of a file."""
    return [*_content(answer, language), *_said(answer)]


def _content(answer: Any, language: str) -> list[str]:
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if kind == "text/plain":
        return [answer.content.decode()]
    if kind == "application/json":
        return [value for value in answer.json().values() if isinstance(value, str)]
    return visible_texts(answer.content.decode(), language) if kind == "text/html" else []


def _said(answer: Any) -> list[str]:
    """Messages in the events of an answer to a script."""
    given = [json.loads(answer.headers.get(name, "{}")) for name in ("HX-Trigger", "HX-Trigger-After-Settle")]
    return [detail[part] for events in given for detail in events.values() for part in SAID if detail.get(part)]


@pytest.mark.django_db
@both_languages
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_no_page_shows_the_other_language(part: Callable[[Office], Iterator[Visit]], language: str) -> None:
    office = Office()
    visits = sorted(part(office), key=lambda visit: visit.sent is not None)  # first look, then change
    clients = {who: office.client(who, language) for who in {visit.who for visit in visits}}
    shown: dict[str, list[str]] = {}  # text → the pages that show it
    failed: list[str] = []
    for visit in visits:
        answer = visit.ask(clients[visit.who])
        if answer.status_code not in ANSWERS:
            failed.append(f"{answer.status_code} {visit}")
        for text in texts_of(answer, language):
            shown.setdefault(text, []).append(str(visit))
    wrong = foreign(list(shown), language, office.words())
    assert failed == []
    assert not wrong, "\n".join(f"{text!r}: {shown[text][:3]} of {len(shown[text])} pages" for text in wrong)


@pytest.mark.django_db
def test_every_address_is_walked_or_is_no_page() -> None:
    office = Office()
    walked = {visit.name for part in PARTS for visit in part(office)}
    assert set(_names(get_resolver().url_patterns)) - walked - NOT_PAGES.keys() == set()


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "api":  # data for other systems; the page that describes it is walked
                yield from _names(one.url_patterns)
        elif one.name:
            yield one.name


ERRORS: dict[str, Callable[[HttpRequest], Any]] = {
    "400": lambda request: defaults.bad_request(request, ValueError()),
    "403": lambda request: defaults.permission_denied(request, PermissionError()),
    "404": lambda request: defaults.page_not_found(request, ValueError()),
    "500": defaults.server_error,
    "csrf": csrf_failure,
}


@both_languages
@pytest.mark.parametrize("name", ERRORS)
def test_error_pages(rf: RequestFactory, name: str, language: str) -> None:
    with override(language):
        texts = texts_of(ERRORS[name](rf.get("/1/")), language)
    assert len(texts) > 2
    assert foreign(texts, language, set()) == []


PLANTED = """<!doctype html><title>Права</title><p lang="en">English</p><p>Вид <b>Save me</b> <code>core show</code>
<input placeholder="Name" value="data"><img alt="Icon"><button aria-label="Close">×</button><script>var word</script>
<input type=submit value="Send"><i data-tip="A tip" data-kind="plain"></i><br><li>user7, AMI, manage.py<template>Row"""


def test_a_planted_word_is_found() -> None:
    found = foreign(visible_texts(PLANTED, "ru"), "ru", set())
    assert found == ["Save me", "Name", "Icon", "Close", "Send", "A tip", "Row"]


def test_a_planted_russian_word_is_found() -> None:
    texts = ["Save", "Сохранить", "Чижов 102", "1С:Управление торговлей 11"]
    assert foreign(texts, "en", {"Чижов"}) == ["Сохранить"]
