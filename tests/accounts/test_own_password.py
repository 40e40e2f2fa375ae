"""The password of the log-in is changed by its owner."""

import pytest
from django.test import Client

from astpanel.accounts.models import PanelUser
from tests.factories import PASSWORD, PanelUserFactory

pytestmark = pytest.mark.django_db
PAGE = "/settings/password/"
NEW = "Совсем-Новый-Пароль-9"


@pytest.fixture
def user(client: Client) -> PanelUser:
    user = PanelUserFactory(username="petrova", in_use=False)
    client.force_login(user)
    return user


def typed(old: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}


def test_it_is_changed_and_only_this_session_goes_on(client: Client, user: PanelUser) -> None:
    elsewhere = Client()
    elsewhere.force_login(user)
    response = client.post(PAGE, typed(), follow=True)
    assert (response.redirect_chain, len(response.context["messages"])) == ([("/settings/", 302)], 1)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert (client.get("/settings/").status_code, elsewhere.get("/settings/").status_code) == (200, 302)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (typed(old="не тот"), "old_password"),
        (typed(again="другой-раз-и-два"), "new_password2"),
        (typed(new="1234567890123"), "new_password2"),
        (typed(new="petrova12345"), "new_password2"),
    ],
)
def test_why_it_is_not_changed(client: Client, user: PanelUser, data: dict[str, str], field: str) -> None:
    response = client.post(PAGE, data)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    text = response.content.decode()
    assert [value for value in data.values() if value in text] == []
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
