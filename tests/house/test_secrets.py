"""Secrets: encrypted where they are kept, loud with a wrong key, written by people and shown to nobody."""

import io
import json
import logging
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Permission
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms import modelform_factory
from django.test import Client
from pytest_django import Settings

from astpanel.accounts.models import PanelUser
from telephony.models import Pbx
from tests.factories import PanelUserFactory, PbxFactory
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db
SECRET = "S3cret-пароль-<&>"


def stored(pbx: Pbx) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM telephony_pbx WHERE id = %s", [pbx.pk])
        return str(cursor.fetchone()[0])


def test_encrypted_in_the_database_and_plain_in_python(settings: Settings) -> None:
    pbx = PbxFactory(secret=SECRET)
    token = stored(pbx)
    assert "S3cret" not in token
    assert Fernet(settings.FIELD_KEYS[0]).decrypt(token.encode()).decode() == SECRET
    pbx.refresh_from_db()
    assert pbx.secret == SECRET
    assert stored(PbxFactory(secret="")) == ""


def test_a_wrong_key_is_loud(settings: Settings) -> None:
    pbx = PbxFactory(secret=SECRET)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match=r"^secret: none of ASTPANEL_FIELD_KEYS decrypts it$") as caught:
        pbx.refresh_from_db()
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("lookup", ["icontains", "in", "startswith", "gt", "regex"])
def test_searching_among_secrets_is_refused(lookup: str) -> None:
    with pytest.raises(FieldError, match="is encrypted"):
        Pbx.objects.filter(**{f"secret__{lookup}": "x"})
    assert Pbx.objects.filter(secret="").count() == 0


def test_not_in_repr_logs_or_dumps(caplog: pytest.LogCaptureFixture) -> None:
    pbx, user = PbxFactory(secret=SECRET), PanelUserFactory(sip_password=SECRET)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("astpanel").warning("%r %s %r %s", pbx, pbx, user, user)
    dump = serializers.serialize("json", [pbx, user], ensure_ascii=False)
    assert "S3cret" not in caplog.text + dump
    assert [row["fields"].get("secret", row["fields"].get("sip_password")) for row in json.loads(dump)] == ["", ""]


def test_form_keeps_changes_and_forgets() -> None:
    pbx = PbxFactory(secret=SECRET)
    form_class = modelform_factory(Pbx, fields=["name", "secret"])

    def submit(**data: str) -> tuple[list[str], str]:
        form = form_class({"name": pbx.name, **data}, instance=Pbx.objects.get(pk=pbx.pk))
        assert form.is_valid(), form.errors
        return form.changed_data, form.save().secret

    assert submit() == ([], SECRET)
    assert submit(secret="") == ([], SECRET)
    assert submit(secret="new") == (["secret"], "new")
    assert submit(**{"secret-forget": "on"}) == (["secret"], "")
    for bad in ("a\r\nb", "a\0b", "\N{BULLET}" * 8):
        form = form_class({"name": pbx.name, "secret": bad}, instance=pbx)
        assert list(form.errors) == ["secret"]


@pytest.mark.parametrize("make", [lambda: PbxFactory(secret=SECRET), lambda: PanelUserFactory(sip_password=SECRET)])
def test_no_admin_page_shows_it(client: Client, make: Any) -> None:
    row = make()
    model = type(row)
    client.force_login(PanelUserFactory(admin=True))
    viewer = PanelUserFactory(staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename=f"view_{model._meta.model_name}"))
    for user in (None, viewer):
        if user is not None:
            client.force_login(user)
        for address in (page(model, "changelist"), page(model, "change", row.pk), page(model, "history", row.pk)):
            response = client.get(address)
            assert (response.status_code, "S3cret" in response.content.decode()) == (200, False)


def test_the_form_comes_back_without_what_was_typed(client: Client) -> None:
    client.force_login(PanelUserFactory(admin=True))
    response = client.post(page(Pbx, "add"), {"name": "", "secret": SECRET})
    assert (response.status_code, "S3cret" in response.content.decode()) == (200, False)
    assert 'type="password"' in response.content.decode()


def test_the_admins_log_names_the_field_only(client: Client) -> None:
    client.force_login(PanelUserFactory(admin=True))
    pbx = PbxFactory(secret="old")
    fields = ("name", "kind", "host", "port", "transport", "username", "dial_context")
    data = {name: getattr(pbx, name) for name in fields} | {"enabled": "on", "tls_verify": "on", "secret": SECRET}
    assert client.post(page(Pbx, "change", pbx.pk), data).status_code == 302
    pbx.refresh_from_db()
    assert pbx.secret == SECRET
    history = client.get(page(Pbx, "history", pbx.pk)).content.decode()
    assert "S3cret" not in history


def rotate(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_rotation(settings: Settings) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.FIELD_KEYS = [old]
    pbx, user = PbxFactory(secret=SECRET), PanelUserFactory(sip_password=SECRET)
    settings.FIELD_KEYS = [new, old]
    current = PbxFactory(secret="newer")
    assert rotate() == [
        "accounts.PanelUser.sip_password: 1 re-encrypted, 0 current, 0 unreadable",
        "crm.CustomerSource.password: 0 re-encrypted, 0 current, 0 unreadable",
        "telephony.Pbx.secret: 1 re-encrypted, 1 current, 0 unreadable",
        "telephony.Pbx.control_secret: 0 re-encrypted, 0 current, 0 unreadable",
        "telephony.Pbx.phone_secret: 0 re-encrypted, 0 current, 0 unreadable",
    ]
    settings.FIELD_KEYS = [new]
    for row in (pbx, user, current):
        row.refresh_from_db()
    assert (pbx.secret, user.sip_password, current.secret) == (SECRET, SECRET, "newer")


def test_rotation_with_a_lost_key(settings: Settings) -> None:
    lost, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.FIELD_KEYS = [lost]
    pbx = PbxFactory(secret=SECRET)
    settings.FIELD_KEYS = [new]
    with pytest.raises(CommandError, match=r"^1 secrets fit none of ASTPANEL_FIELD_KEYS"):
        rotate()
    assert rotate("--forget")[2:4] == [
        "telephony.Pbx.secret: 0 re-encrypted, 0 current, 1 forgotten",
        f"  ids: {pbx.pk}",
    ]
    pbx.refresh_from_db()
    assert pbx.secret == ""


def test_rotation_covers_every_secret_field() -> None:
    assert [line.split(":")[0] for line in rotate()] == [
        "accounts.PanelUser.sip_password",
        "crm.CustomerSource.password",
        "telephony.Pbx.secret",
        "telephony.Pbx.control_secret",
        "telephony.Pbx.phone_secret",
    ]
    assert PanelUser._meta.get_field("sip_password").__class__ is Pbx._meta.get_field("secret").__class__
