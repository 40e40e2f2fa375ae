"""One-time links: a new person sets a password of their own, and nobody else does."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from astpanel.accounts.models import PanelUser
from astpanel.accounts.password_links import path_for
from astpanel.accounts.roles import Role, set_roles
from tests.factories import PanelUserFactory
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db
NEW = "Длинный-пароль-7"


def newcomer(**values: Any) -> PanelUser:
    user: PanelUser = PanelUserFactory(**values)
    user.set_unusable_password()
    user.save()
    return user


def use(client: Client, path: str, password: str = NEW) -> Any:
    form = client.get(path, follow=True)
    address = form.redirect_chain[-1][0] if form.redirect_chain else path
    return client.post(address, {"new_password1": password, "new_password2": password})


def asked(client: Client, *users: PanelUser) -> Any:
    data = {"action": "password_links", "_selected_action": [user.pk for user in users], "confirmed": str(len(users))}
    return client.post(page(PanelUser, "changelist"), data)


def test_from_the_list_to_the_log_in(client: Client) -> None:
    client.force_login(PanelUserFactory(admin=True, username="root"))
    users = [newcomer(username="petrov", last_name="А"), newcomer(username="ivanov", last_name="Б")]
    shown = asked(client, *users)
    links = re.findall(r"http://testserver(/password/[^<\s]+)", shown.content.decode())
    assert (len(links), "no-store" in shown.headers["Cache-Control"]) == (2, True)
    stranger = Client()
    address = stranger.get(links[0]).headers["Location"]
    assert links[0].split("/")[3] not in address  # the token is out of the address before the page is shown
    assert use(stranger, links[0]).headers["Location"] == "/login/"
    logins = [stranger.post("/login/", {"username": name, "password": NEW}) for name in ("ivanov", "petrov")]
    assert [answer.status_code for answer in logins] == [200, 302]
    assert use(Client(), links[0]).status_code == 200  # used up: the page says so
    assert "petrov" not in Client().get(links[0]).content.decode()
    entries = LogEntry.objects.filter(object_id__in=[user.pk for user in users], actor__username="root")
    assert [list(entry.changes) for entry in entries] == [["password"]] * 2
    token = links[1].split("/")[3]
    assert token not in str(list(LogEntry.objects.values_list("changes", "object_repr")))


def test_weak_passwords_are_refused() -> None:
    user = newcomer()
    assert use(Client(), path_for(user), "12345").status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_link_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    user = newcomer()
    path = path_for(user)
    later = datetime.now() + timedelta(days=3, seconds=5)  # noqa: DTZ005 - Django's tokens count so
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: later)
    use(Client(), path)
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_no_links_for_those_with_more_rights(client: Client) -> None:
    me, boss = PanelUserFactory(), newcomer(admin=True)
    set_roles(user=me, roles=[Role.ADMINISTRATOR])
    client.force_login(PanelUser.objects.get(pk=me.pk))
    assert "/password/" not in asked(client, boss).content.decode()
    assert "/password/" not in asked(client, newcomer(is_active=False)).content.decode()


@pytest.mark.parametrize("path", ["/password/MQ/x-y/", "/password/%00/set-password/", "/password/!!/<script>/"])
def test_made_up_links_are_said_to_be_old(client: Client, path: str) -> None:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code in {200, 404}
    assert "<script>alert" not in response.content.decode()
