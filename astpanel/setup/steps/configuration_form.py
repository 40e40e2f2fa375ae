"""The form of A2: the built-in directory, or 1C over OData."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import CustomerSource
from crm.sources.odata import NoAccessError, server_of, service_url
from crm.sources.registry import BUILTIN, CONFIGURATIONS
from crm.sources.words import PROBLEMS, name_of

ONEC: Final = "1c"
SYSTEMS: Final = (
    (BUILTIN, _("Built-in directory: customers are entered or imported here")),
    (ONEC, _("1C:Enterprise: customers are taken from there over OData")),
)
LONGEST: Final = 500


class ConfigurationForm(forms.Form):
    """`kept`: the row whose password stays where none is typed. `likely`: codes to choose from first."""

    system = forms.ChoiceField(label=_("Where the customers are kept"), choices=SYSTEMS, widget=forms.RadioSelect)
    url = forms.CharField(
        label=_("Address of the 1C base"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("As in the browser: https://server/base. The standard OData interface must be published."),
    )
    username = forms.CharField(
        label=_("1C log-in"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("1C password"),
        required=False,
        max_length=255,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )
    tls_verify = forms.BooleanField(label=_("Verify the certificate"), required=False)
    name = forms.CharField(
        label=_("Name of the configuration"),
        required=False,
        max_length=200,
        help_text=_("The property «Имя» of the configuration, if you know it: it helps where objects do not tell."),
    )
    version = forms.CharField(
        label=_("Its version"),
        required=False,
        max_length=40,
        help_text=_("The first numbers suffice: 11.5 or 10.3. The name alone does not tell them apart."),
    )
    configuration = forms.ChoiceField(label=_("My configuration"), required=False)

    def __init__(
        self, *args: Any, kept: CustomerSource | None = None, likely: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        codes = [*likely, *(code for code in CONFIGURATIONS if code not in {*likely, BUILTIN})]
        choices: Any = [("", _("recognise it")), *((code, name_of(code)) for code in codes)]
        self.fields["configuration"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if kept is not None and kept.password:
            self.fields["password"].widget.attrs["placeholder"] = _("kept; type to change")

    def clean(self) -> dict[str, Any]:
        """1C needs an address or a name; a password is not sent to another server unasked."""
        values = self.cleaned_data
        if values.get("system") != ONEC:
            return values
        url = values.get("url", "")
        if not url and not values.get("name") and not values.get("configuration") and not self.errors:
            self.add_error("url", _("Type the address of the base, or the name of the configuration."))
        if url:
            try:
                service_url(url)
            except NoAccessError as error:
                self.add_error("url", str(PROBLEMS[error.problem]))
                return values
        if url and not values.get("password") and self.kept is not None and self.kept.password:
            if server_of(url) == server_of(self.kept.url):
                values["password"] = self.kept.password
            elif values.get("username"):
                text = _("The server is another one: type the password again, it is not sent there by itself.")
                self.add_error("password", text)
        return values
