"""Who looks at the admin's pages of the directory, and what their forms send."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from astpanel.accounts.models import PanelUser
from tests.factories import PanelUserFactory

HOSTILE = "<script>alert(1)</script>\u202e=1+1'\""


def administrator(client: Client) -> PanelUser:
    """Logged in."""
    user = PanelUserFactory(admin=True, last_name="Администратор", username="admin")
    client.force_login(user)
    return user


def staff(client: Client, *rights: str) -> PanelUser:
    """Somebody of the admin with these rights of the directory only; logged in."""
    user = PanelUserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights, content_type__app_label="crm"))
    client.force_login(user)
    return user


def address(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:crm_{model._meta.model_name}_{name}", args=args)


def rows_of_form(name: str, rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    """What an inline of this name sends."""
    sent: dict[str, Any] = {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        sent |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return sent
