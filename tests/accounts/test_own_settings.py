"""«Мои настройки»: what the profile allows is changed, the rest is greyed and refused."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.models import PanelUser
from astpanel.accounts.own_rules import GUARDS, denied, reason
from astpanel.accounts.services import change_own_settings
from astpanel.audit_words import MASKED
from astpanel.lib.secret_form import IS_SET
from tests.factories import MobileKindFactory, PanelUserFactory, ProfileFactory

pytestmark = pytest.mark.django_db
PAGE = "/settings/"
SIP = "Очень-Тайный-SIP-7"
HOSTILE = '"><script>alert(1)</script>'
NEW: dict[str, Any] = {  # field → (what the page sends, what is stored)
    "intercept_own_clients": ("on", True),
    "softphone": ("on", True),
    "sip_password": (SIP, SIP),
    "card_opens": ("answered", "answered"),
    "sound_ring": ("Колонки", "Колонки"),
    "sound_output": ("Гарнитура", "Гарнитура"),
    "sound_input": ("Микрофон", "Микрофон"),
}


def come_in(client: Client, **values: Any) -> PanelUser:
    user = PanelUserFactory(number="101", **values)
    client.force_login(user)
    return user


def shown(client: Client) -> dict[str, str]:
    """What a browser would send back if nothing was changed: greyed fields are not sent."""
    form = client.get(PAGE).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if field.name in form.denied or field.name == "sip_password":
            continue
        data[f"initial-{field.name}"] = str(value)
        if value is not False:
            data[field.name] = "on" if value is True else value
    return data


def stored(user: PanelUser) -> dict[str, Any]:
    return dict(PanelUser.objects.values(*GUARDS).get(pk=user.pk))


def words(response: Any) -> str:
    return str(response.content.decode())


def test_what_is_shown(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    profile = ProfileFactory(name=f"Менеджеры {HOSTILE}", may_change_softphone=False)
    values = {
        "assigned_profile": profile,
        "may_change_softphone": False,
        "sip_password": SIP,
        "sip_host": "pbx.example",
    }
    come_in(client, timeout_seconds=15, timeout_kind=MobileKindFactory(name="Сотовый"), sound_input=HOSTILE, **values)
    with django_assert_num_queries(4):  # session, user, the row with its profile and kind, numbers
        response = client.get(PAGE, headers={"accept-language": "en"})
    text = words(response)
    for part in ("101", "pbx.example", "5060", "15 seconds", "Сотовый", "Менеджеры", "ask an administrator"):
        assert part in text
    assert ("<script>alert" in text, SIP in text, "placeholder" in text) == (False, False, True)
    assert list(response.context["form"].denied) == ["softphone"]
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache")


@pytest.mark.parametrize("field", GUARDS)
def test_an_allowed_setting_is_changed_alone(client: Client, field: str) -> None:
    user = come_in(client)
    before, (sent, kept) = stored(user), NEW[field]
    response = client.post(PAGE, shown(client) | {field: sent})
    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    assert stored(user) == before | {field: kept}
    entry = LogEntry.objects.filter(object_id=user.pk, action=LogEntry.Action.UPDATE).get()
    expected = ["", MASKED] if field == "sip_password" else [str(before[field]), str(kept)]
    assert (entry.actor, entry.changes) == (user, {field: expected})
    assert SIP not in str(LogEntry.objects.values())
    assert SIP not in words(client.get(PAGE))


@pytest.mark.parametrize("field", GUARDS)
def test_a_denied_setting_is_greyed_and_refused(client: Client, field: str) -> None:
    user = come_in(client, **{GUARDS[field]: False})
    before = stored(user)
    page = words(client.get(PAGE))
    place = "audio" if field.startswith("sound_") else field
    tag = page.split(f'name="{field}"')[1].split(">")[0]
    assert (page.count(f'id="why-{place}"'), "disabled" in tag, f'"why-{place}"' in tag) == (1, True, True)
    forged = client.post(PAGE, shown(client) | {field: NEW[field][0]})
    assert (forged.status_code, forged.context["form"].refused, stored(user)) == (403, True, before)
    assert LogEntry.objects.filter(object_id=user.pk, action=LogEntry.Action.UPDATE).count() == 0
    other = next(name for name in GUARDS if GUARDS[name] != GUARDS[field])
    mixed = client.post(PAGE, shown(client) | {field: NEW[field][0], other: NEW[other][0]})
    assert (mixed.status_code, stored(user)) == (403, before)
    with pytest.raises(ValidationError) as error:
        change_own_settings(user=user, changes={field: NEW[field][1]})
    assert list(error.value.message_dict) == [field]


def test_switches_and_devices_are_taken_back(client: Client) -> None:
    user = come_in(client, softphone=True, sound_ring="Колонки", sip_password=SIP)
    data = shown(client)
    del data["softphone"]
    assert client.post(PAGE, data | {"sound_ring": "", "sip_password-forget": "on"}).status_code == 302
    assert [stored(user)[name] for name in ("softphone", "sound_ring", "sip_password")] == [False, "", ""]


def test_a_denied_switch_that_is_on_stays_on(client: Client) -> None:
    user = come_in(client, softphone=True, may_change_softphone=False)
    assert client.post(PAGE, shown(client) | {"sound_ring": "Колонки"}).status_code == 302
    assert [stored(user)[name] for name in ("softphone", "sound_ring")] == [True, "Колонки"]


def test_a_page_left_open_undoes_nothing(client: Client) -> None:
    user = come_in(client)
    page = shown(client)
    PanelUser.objects.filter(pk=user.pk).update(softphone=True, sound_input="Новый", may_change_softphone=False)
    assert client.post(PAGE, page | {"sound_ring": "Колонки"}).status_code == 302
    kept = [stored(user)[name] for name in ("softphone", "sound_input", "sound_ring")]
    assert kept == [True, "Новый", "Колонки"]
    late = client.post(PAGE, page | {"intercept_own_clients": "on", "softphone": "on"})  # denied since the page came
    assert (late.status_code, stored(user)["intercept_own_clients"]) == (403, False)


def test_nothing_changed_writes_nothing(client: Client) -> None:
    user = come_in(client, softphone=True, sip_password=SIP)
    response = client.post(PAGE, shown(client) | {"sip_password": ""}, follow=True)
    assert response.status_code == 200
    assert LogEntry.objects.filter(object_id=user.pk, action=LogEntry.Action.UPDATE).count() == 0
    assert stored(user)["sip_password"] == SIP


@pytest.mark.parametrize(
    "sent",
    [
        {"sound_ring": "x" * 201},
        {"sound_ring": "Коло\r\nнки"},
        {"sound_input": "Мик\x00рофон"},
        {"sound_output": "Наушники\u202eexe"},
        {"sip_password": "line\r\nAction: Originate"},
        {"sip_password": "x" * 129},
        {"sip_password": IS_SET},
        {"card_opens": "never"},
        {"card_opens": ""},
    ],
)
def test_hostile_values_are_refused_in_words(client: Client, sent: dict[str, str]) -> None:
    user = come_in(client)
    before = stored(user)
    response = client.post(PAGE, shown(client) | sent)
    assert (response.status_code, list(response.context["form"].errors), stored(user)) == (200, list(sent), before)


def test_a_hostile_label_is_only_text(client: Client) -> None:
    user = come_in(client)
    client.post(PAGE, shown(client) | {"sound_ring": HOSTILE})
    assert stored(user)["sound_ring"] == HOSTILE
    again = words(client.post(PAGE, shown(client) | {"sound_input": HOSTILE + "\x01"}))
    for text in (words(client.get(PAGE)), again):
        assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text) == (False, True)


def test_only_own_settings_and_nobody_elses(client: Client) -> None:
    other, user = PanelUserFactory(), come_in(client)
    data = shown(client) | {"softphone": "on", "id": str(other.pk), "user": str(other.pk), "is_superuser": "on"}
    client.post(PAGE, data | {"may_change_audio": "on", "timeout_seconds": "1", "in_use": "on"})
    user.refresh_from_db()
    assert (user.softphone, user.is_superuser, user.timeout_seconds) == (True, False, 10)
    assert stored(other)["softphone"] is False
    with pytest.raises(ValidationError) as error:
        change_own_settings(user=user, changes={"softphone": False, "is_superuser": True})
    assert list(error.value.message_dict) == ["is_superuser"]
    assert (stored(user)["softphone"], PanelUser.objects.get(pk=user.pk).is_superuser) == (True, False)


@pytest.mark.parametrize("who", [None, {"is_active": False}])
def test_strangers_are_sent_to_the_log_in(client: Client, who: dict[str, Any] | None) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for address in (PAGE, reverse("own-password")):
        for response in (client.get(address), client.post(address, {"softphone": "on"})):
            assert (response.status_code, response.headers["Location"]) == (302, f"{reverse('login')}?next={address}")


def test_a_token_is_needed() -> None:
    strict = Client(enforce_csrf_checks=True)
    come_in(strict)
    assert [strict.post(address).status_code for address in (PAGE, reverse("own-password"))] == [403, 403]


def test_without_a_seat_and_without_a_licence_the_page_is_open(client: Client) -> None:
    come_in(client, in_use=False)
    panel = client.get(reverse("panel"))
    assert (panel.status_code, f'href="{PAGE}"' in words(panel)) == (403, True)
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, shown(client) | {"softphone": "on"}).status_code == 302


def test_the_reason_blames_whoever_denies() -> None:
    strict, open_ = ProfileFactory(name="Строгий", may_change_audio=False), ProfileFactory(name="Свободный")
    by_profile = PanelUserFactory(assigned_profile=strict, may_change_audio=False)
    by_hand = PanelUserFactory(assigned_profile=open_, may_change_audio=False)
    assert ("Строгий" in reason(by_profile, "sound_ring"), "Свободный" in reason(by_hand, "sound_ring")) == (
        True,
        False,
    )
    assert denied(by_hand) == ["sound_ring", "sound_output", "sound_input"]
