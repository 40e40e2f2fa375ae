"""The form of A5: where the PBX is, its AMI accounts, and the administrator's own softphone."""

from dataclasses import replace
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from telephony.ami.account import Transport
from telephony.ami.address import AJAM, AJAM_TLS, AMI, AMI_TLS, Address, AddressError, parse_address
from telephony.models import Pbx

LINKS: Final = (
    ("", _("as usual for the port")),
    ("ami", _("AMI (5038)")),
    ("ami-tls", _("AMI with TLS (5039)")),
    ("ajam", _("AJAM, HTTP (8088)")),
    ("ajam-tls", _("AJAM, HTTPS (8089)")),
)
USUAL: Final = {"ami": AMI, "ami-tls": AMI_TLS, "ajam": AJAM, "ajam-tls": AJAM_TLS}
SECRETS: Final = {"secret": "username", "control_secret": "control_username", "phone_secret": "phone_username"}
KINDS: Final = [(kind.value, kind.label) for kind in Pbx.Kind if kind != Pbx.Kind.DEMO]


ADDRESS_ERRORS: Final = {
    "host": _("This is no address of a machine: a name, an IP address, or a web address."),
    "port": _("A port is a number from 1 to 65535."),
    "scheme": _("Only http, https, ami and amis addresses lead to Asterisk."),
    "credentials": _("Type log-in and password in their own fields, not in the address."),
    "query": _("Leave out what follows the question mark or the hash sign."),
}


def _where(text: str, port: int | None, link: str) -> Address:
    """What stands in the address counts most, then the chosen connection, then the port. Raises AddressError."""
    if "://" in text:
        return parse_address(text, None if port in USUAL.values() else port)  # a usual port that was only left there
    address = parse_address(text, port or USUAL.get(link))
    if not link:
        return address
    transport, _dash, tls = link.partition("-")
    return replace(address, transport=cast(Transport, transport), tls=bool(tls))


class Secret(forms.CharField):
    """Typed, never shown again."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
        super().__init__(**{"required": False, "max_length": 255, "strip": False, "widget": widget, **kwargs})


class Plain(forms.CharField):
    """A short text that no browser should fill in or correct."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), **kwargs})


class PbxForm(forms.Form):
    """`kept`: the row whose passwords stay where none is typed."""

    host = Plain(
        label=_("Host"), max_length=255, help_text=_("Name or address of the PBX; http://pbx:8088/asterisk works too.")
    )
    port = forms.IntegerField(
        label=_("Port"),
        required=False,
        min_value=1,
        max_value=65535,
        help_text=_("5038 AMI, 5039 AMI with TLS, 8088 AJAM, 8089 AJAM with TLS."),
    )
    link = forms.ChoiceField(label=_("Connection"), choices=LINKS, required=False)
    username = Plain(label=_("AMI log-in"), max_length=100)
    secret = Secret(label=_("AMI password"))
    softphone = forms.BooleanField(label=_("Use the softphone"), required=False)
    sip_port = forms.IntegerField(label=_("SIP port"), required=False, min_value=1, max_value=65535)
    sip_password = Secret(label=_("SIP password"), help_text=_("Of your own extension, for the softphone."))
    tls_verify = forms.BooleanField(
        label=_("Verify the certificate"),
        required=False,
        help_text=_("Off only for a certificate of the PBX's own, on a network you trust."),
    )
    tls_ca = forms.CharField(
        label=_("Certificate authority, PEM"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    control_username = Plain(label=_("AMI log-in for commands"), max_length=100, required=False)
    control_secret = Secret(label=_("AMI password for commands"))
    phone_username = Plain(label=_("AMI log-in for phones"), max_length=100, required=False)
    phone_secret = Secret(label=_("AMI password for phones"))
    kind = forms.ChoiceField(label=_("Kind of PBX"), choices=KINDS, required=False)
    dial_context = Plain(
        label=_("Dialling context"),
        max_length=80,
        required=False,
        help_text=_("Where click to dial enters the dialplan; FreePBX: from-internal."),
    )
    http_prefix = Plain(
        label=_("Path before /rawman"),
        max_length=80,
        required=False,
        help_text=_("Only for AJAM: prefix of http.conf."),
    )

    def __init__(self, *args: Any, kept: Pbx | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        for name in SECRETS:
            if kept is not None and getattr(kept, name):
                self.fields[name].widget.attrs["placeholder"] = _("kept; type to change")

    def clean(self) -> dict[str, Any]:
        """Address, port and transport become one another's; a password is not sent to another machine unasked."""
        values = self.cleaned_data
        if "host" not in values or "port" not in values:
            return values
        try:
            address = _where(values["host"], values["port"], values.get("link", ""))
        except AddressError as error:
            field = "port" if error.code == "port" else "host"
            self.add_error(field, ADDRESS_ERRORS.get(error.code, ADDRESS_ERRORS["host"]))
            return values
        values.update(host=address.host, port=address.port, transport=address.transport, tls=address.tls)
        values["http_prefix"] = address.http_prefix or values.get("http_prefix", "")
        for name in (*SECRETS, *SECRETS.values(), "dial_context", "http_prefix"):
            if any(ord(character) < 32 or ord(character) == 127 for character in values.get(name, "")):
                self.add_error(name, _("Line ends and other control characters are not allowed."))
        for name, account in SECRETS.items():
            self._check_secret(name, account)
        return values

    def _check_secret(self, name: str, account: str) -> None:
        """An account has a password: typed now, or kept for the same machine."""
        values, kept = self.cleaned_data, self.kept
        if not values.get(account) or values.get(name):
            return
        if kept is None or not getattr(kept, name):
            self.add_error(name, _("Type the password."))
        elif kept.host != values["host"]:
            text = _("The host is another one: type the password again, it is not sent to a new machine by itself.")
            self.add_error(name, text)
