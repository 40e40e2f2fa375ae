"""How a secret is typed into a form: written, never shown."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

IS_SET: Final = "\N{BULLET}" * 8  # stands for a stored secret; no secret may look like it


class SecretInput(forms.PasswordInput):
    """A password input that renders no value; a stored secret shows as a placeholder with a box to forget it."""

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        stored = value == IS_SET
        extra = {"autocomplete": "new-password", **(attrs or {})}
        locked = bool({**self.attrs, **extra}.get("disabled"))
        if stored:
            extra["placeholder"] = _("set") if locked else _("set; leave empty to keep it")
        field = super().render(name, None, extra, renderer)
        if not stored or locked:
            return field
        return format_html(
            '{} <label class="secret-forget"><input type="checkbox" name="{}-forget"> {}</label>',
            field,
            name,
            _("forget it"),
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """A typed secret wins over the box; the box gives the empty text; nothing gives None."""
        if typed := data.get(name):
            return str(typed)
        return "" if data.get(f"{name}-forget") else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}-forget" not in data


class SecretFormField(forms.Field):
    """The text typed, None = keep what is stored, empty text = forget it."""

    widget = SecretInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: str | None) -> str | None:
        """Line ends and NUL never reach an AMI login."""
        if value and any(ord(character) < 32 or ord(character) == 127 for character in value):
            raise forms.ValidationError(_("Control characters are not allowed."))
        if value == IS_SET:
            raise forms.ValidationError(_("This text stands for a stored secret; choose another."))
        return value

    def has_changed(self, initial: Any, data: str | None) -> bool:
        return data is not None
