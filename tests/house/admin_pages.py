"""Which admin pages there are, and one row of every model shown there."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from astpanel.accounts.models import PanelUser
from crm.models import Counterparty
from telephony.models import CallRecord
from tests import factories

MODELS: list[type[Model]] = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = {"accounts", "api", "crm", "jobs", "setup", "telephony", "supervisor"}


def page(model: type[Model], name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def make(model: type[Model], **values: Any) -> Any:
    """A row of one of our models from its factory, with everything an inline could show."""
    made = getattr(factories, f"{model.__name__}Factory")(**values)
    if isinstance(made, CallRecord):
        factories.CallLegFactory(call=made)
    if isinstance(made, PanelUser):
        factories.ContactInfoFactory(user=made, kind=factories.InternalKindFactory(), value=str(900_000 + made.pk))
    if isinstance(made, Counterparty):
        person = factories.ContactPersonFactory(counterparty=made, phone="+7 916 111-22-33")
        factories.ContactInfoFactory(counterparty=person.counterparty)
    return made
