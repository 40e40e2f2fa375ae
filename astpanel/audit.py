"""What the audit keeps: every change of what administrators set up, and never a secret.

Rows are written by django-auditlog when a row is saved or deleted. What is written past save() is journalled by
`astpanel.audit_bulk`, assignments of profiles by their own record.
"""

from typing import Any, Final

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.db.models.signals import pre_save

from astpanel.audit_request import fill_entry
from astpanel.audit_words import MASKED
from astpanel.lib.secret_field import SecretField

LEFT_OUT: Final = {  # the hash, what people do all day, and what is long
    "accounts.PanelUser": {"password", "last_login", "status", "status_until"},
    "accounts.License": {"document"},
    "crm.CustomerSource": {"evidence"},
    "api.ApiClient": {"digest", "last_used"},
    "crm.ContactInfo": {"type", "e164", "last10", "extension", "external_key"},  # follow from the kind and the value
    **{label: {"name_key", "created", "changed"} for label in ("crm.Counterparty", "crm.ContactPerson")},
}
MANY: Final = {
    "accounts.PanelUser": {"groups", "user_permissions"},
    "accounts.Profile": {"users"},
    "auth.Group": {"permissions"},
    "crm.NotDuplicates": {"members"},
}
WATCHED: Final = (
    *("accounts.PanelUser", "accounts.Profile", "accounts.License", "accounts.Department"),
    *("crm.ContactInfo", "crm.ContactInfoKind", "crm.NumberingPlan", "crm.RewriteRule", "crm.CustomerSource"),
    *("crm.Counterparty", "crm.ContactPerson", "crm.CardLink", "crm.NotDuplicates"),
    *("api.ApiClient", "telephony.Pbx", "auth.Group"),
)


def mask(value: str) -> str:
    """A secret's place: whether there is one. (The library's own mask shows half of it.)"""
    return MASKED if value not in {"", "None"} else ""


def watch() -> None:
    """Once, when all models are there."""
    for label in WATCHED:
        model = apps.get_model(label)
        if not auditlog.contains(model):
            auditlog.register(
                model,
                include_fields=kept_fields(model),
                mask_fields=secrets_of(model),
                mask_callable="astpanel.audit.mask",
                m2m_fields=MANY.get(label, set()),
            )
    pre_save.connect(fill_entry, sender=LogEntry, dispatch_uid="who_and_from_where")


def kept_fields(model: Any) -> list[str]:
    """The model's own columns without those that are left out."""
    left_out = LEFT_OUT.get(model._meta.label, set())
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    return [field.name for field in fields if field.name not in left_out]


def secrets_of(model: Any) -> list[str]:
    """Fields whose values nobody sees."""
    return [field.name for field in model._meta.get_fields() if isinstance(field, SecretField)]
