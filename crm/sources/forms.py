"""The form of the source of customers in the admin. (The assistant's has one more way in: by the name alone.)"""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.lib.secret_form import IS_SET, SecretFormField
from crm.models import CustomerSource
from crm.sources.odata import Connection, NoAccessError, server_of, service_url
from crm.sources.registry import CONFIGURATIONS
from crm.sources.words import PROBLEMS, name_of

PLAIN: Final = ("configuration", "url", "username", "tls_verify")
LONGEST_SECRET: Final = 255
UNMARKED: Final = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def _choices() -> list[tuple[str, str]]:
    return [(code, name_of(code)) for code in CONFIGURATIONS]


class SourceForm(forms.Form):
    """`source`: the row as it is, or a new one."""

    configuration = forms.ChoiceField(label=gettext_lazy("configuration"), choices=_choices)
    url = forms.CharField(
        label=gettext_lazy("Address of the 1C base"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={**UNMARKED, "inputmode": "url"}),
        help_text=gettext_lazy(
            "As in the browser: https://server/base. The standard OData interface must be published."
        ),
    )
    username = forms.CharField(
        label=gettext_lazy("1C log-in"), required=False, max_length=100, widget=forms.TextInput(attrs=UNMARKED)
    )
    password = SecretFormField(
        label=gettext_lazy("1C password"), help_text=gettext_lazy("Kept encrypted and never shown again.")
    )
    tls_verify = forms.BooleanField(label=gettext_lazy("Verify the certificate"), required=False)

    def __init__(self, data: Any = None, *, source: CustomerSource) -> None:
        present = {name: getattr(source, name) for name in PLAIN}
        super().__init__(data, initial={**present, "password": IS_SET if source.password else ""})
        self.source = source

    def disable(self) -> None:
        """For those who may only look."""
        for field in self.fields.values():
            field.disabled = True

    def clean_url(self) -> str:
        """What cannot be an address is said in words before anybody waits for it."""
        url = str(self.cleaned_data["url"])
        if url:
            try:
                service_url(url)
            except NoAccessError as error:
                raise ValidationError(str(PROBLEMS[error.problem])) from None
        return url

    def clean_password(self) -> str | None:
        """None keeps what is stored."""
        value: str | None = self.cleaned_data["password"]
        if value and len(value) > LONGEST_SECRET:
            raise ValidationError(_("At most %(count)d characters.") % {"count": LONGEST_SECRET})
        return value

    def clean(self) -> dict[str, Any]:
        """A stored password is not sent to another server unasked."""
        values = self.cleaned_data
        url, typed = values.get("url", ""), values.get("password")
        elsewhere = bool(url and self.source.url) and server_of(url) != server_of(self.source.url)
        if elsewhere and typed is None and self.source.password and "password" not in self.errors:
            text = _("The server is another one: type the password again, it is not sent there by itself.")
            self.add_error("password", text)
        return values

    @property
    def connection(self) -> Connection:
        """Of a valid form."""
        values = self.cleaned_data
        password = self.source.password if values["password"] is None else values["password"]
        return Connection(values["url"], values["username"], password, values["tls_verify"])
