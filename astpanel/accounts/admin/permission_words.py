"""Single permissions in the reader's language: the database keeps Django's English names."""

from typing import Any, Final

from django.contrib.auth.models import Permission
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

VERBS: Final[dict[str, Promise]] = {
    "add": gettext_lazy("may add"),
    "change": gettext_lazy("may change"),
    "delete": gettext_lazy("may delete"),
    "view": gettext_lazy("may view"),
}


def permission_label(permission: Permission) -> str:
    """“Telephony | PBX | may change”; a permission of a model's own by its name."""
    kind = permission.content_type
    verb, _line, model = permission.codename.partition("_")
    words = VERBS.get(verb) if model == kind.model else None
    return f"{kind} | {words or _(permission.name)}"


def speak(field: Any) -> Any:
    """A form's field of permissions that shows them so; anything else as it is."""
    if field is not None and getattr(field.queryset, "model", None) is Permission:
        field.label_from_instance = permission_label
    return field
