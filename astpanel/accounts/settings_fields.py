"""The settings of PanelSettings: their groups, labels and values as people read them."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.accounts.models import CardOpens, PanelSettings, PanelUser, Profile
from astpanel.accounts.profile_diff import Value, Values
from crm.models import ContactInfoKind

_MODEL_FIELDS: Final = {field.name: field for field in PanelSettings._meta.local_fields}  # in the order of the model
FIELDS: Final = tuple(_MODEL_FIELDS)
COLUMNS: Final = tuple(field.attname for field in _MODEL_FIELDS.values())

GROUPS: Final = (  # title, fields, what they do
    (
        gettext_lazy("Softphone"),
        ("softphone", "sip_host", "sip_port", "websocket_url"),
        gettext_lazy("The telephone in the browser, and where it logs in. The password is each user's own."),
    ),
    (
        gettext_lazy("Calls of own clients"),
        ("intercept_own_clients", "timeout_seconds", "timeout_number", "timeout_kind"),
        gettext_lazy(
            "Calls from a manager's own customers go to that manager, who is rung for the time-out; not answered, the "
            "call goes to the number of last resort. So it is never lost."
        ),
    ),
    (
        gettext_lazy("Customers"),
        ("card_opens", "may_add_numbers", "may_edit_customers"),
        gettext_lazy("The card of whoever calls, and what the user may write into the directory of customers."),
    ),
    (
        gettext_lazy("What users may change themselves"),
        (
            *("may_change_sip_password", "may_change_interception", "may_change_softphone", "may_change_audio"),
            "may_change_card",
        ),
        gettext_lazy("In their own settings on the panel. What is not allowed is greyed there, with the reason."),
    ),
)


def values_of(row: Profile | PanelUser) -> dict[str, Value]:
    """The settings of a profile or a user, as JSON can keep them."""
    return {name: getattr(row, column) for name, column in zip(FIELDS, COLUMNS, strict=True)}


def columns_of(values: Values) -> dict[str, Value]:
    """The same by column: what `update()` takes."""
    by_name = dict(zip(FIELDS, COLUMNS, strict=True))
    return {by_name[name]: value for name, value in values.items()}


def label(field: str) -> str:
    """As the forms call it."""
    return str(_MODEL_FIELDS[field].verbose_name)


def kind_names(rows: Iterable[Values]) -> dict[int, str]:
    """Names of the kinds of contact information in these settings, for `readable`. One query, or none."""
    ids = {int(kind) for row in rows if (kind := row.get("timeout_kind")) is not None}
    return dict(ContactInfoKind.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def readable(field: str, value: Value, kinds: Mapping[int, str]) -> str:
    """The value in words of the active language."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return _("nothing")
    if field == "card_opens":
        return str(CardOpens(value).label) if value in CardOpens.values else str(value)
    if field == "timeout_kind":
        return kinds.get(int(value), _("(deleted)"))
    return str(value)
