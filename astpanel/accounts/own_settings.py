"""«Мои настройки»: the form of what users change themselves."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.accounts.models import CardOpens, PanelUser
from astpanel.accounts.own_rules import GUARDS, denied, reason
from astpanel.lib.secret_form import IS_SET, SecretFormField

WRITE_ONLY: Final = "sip_password"
LONGEST_SECRET: Final = 128  # characters: more than any phone takes
LONGEST_LABEL: Final = 200


def one_line(value: str) -> None:
    """A browser's name of a device, which may be anything."""
    if not value.isprintable():
        raise ValidationError(gettext_lazy("Control characters are not allowed."))


class DeviceField(forms.CharField):
    """The label of an audio device. Which devices there are only the browser knows: its script adds them to the list.

    Kept by label: the browser's ids are others for each site, and after its data is cleared.
    """

    widget = forms.Select

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_LABEL, validators=[one_line], **options)

    def offer(self, *labels: str) -> None:
        """What stands in the list without a script: the system's choice, and what is chosen already."""
        known = [(label, label) for label in dict.fromkeys(labels) if label]
        self.widget.choices = [("", gettext_lazy("As the system has it")), *known]


class OwnSettingsForm(forms.Form):
    """What the user may not change is greyed and refused.

    Each field brings along what the page showed (`show_hidden_initial`), so `changed_data` is what this person has
    changed: a page left open does not undo what an administrator has assigned since.
    """

    intercept_own_clients = forms.BooleanField(
        label=gettext_lazy("Intercept calls of my own clients"),
        help_text=gettext_lazy(
            "Calls from customers whose manager you are come to you first. Not answered within the time-out, they go "
            "on to the number of last resort."
        ),
        required=False,
        show_hidden_initial=True,
    )
    softphone = forms.BooleanField(
        label=gettext_lazy("Use the softphone"),
        help_text=gettext_lazy("The telephone in the browser."),
        required=False,
        show_hidden_initial=True,
    )
    sip_password = SecretFormField(
        label=gettext_lazy("SIP password"),
        help_text=gettext_lazy("Of your number on the PBX. It is kept encrypted and never shown again."),
    )
    card_opens = forms.ChoiceField(
        label=gettext_lazy("The caller's card opens"),
        help_text=gettext_lazy("Who calls, the last calls with them, and the note, beside your calls."),
        choices=CardOpens.choices,
        show_hidden_initial=True,
    )
    sound_ring = DeviceField(label=gettext_lazy("Sound: ringing"), show_hidden_initial=True)
    sound_output = DeviceField(label=gettext_lazy("Output: voice"), show_hidden_initial=True)
    sound_input = DeviceField(label=gettext_lazy("Input: microphone"), show_hidden_initial=True)

    def __init__(self, data: QueryDict | None = None, *, user: PanelUser) -> None:
        present = {name: getattr(user, name) for name in GUARDS}
        present[WRITE_ONLY] = IS_SET if user.sip_password else ""
        super().__init__(data, initial=present)
        self.denied = {name: reason(user, name) for name in denied(user)}
        for name, field in self.fields.items():
            if name in self.denied:
                # not `field.disabled`: that would drop in silence what is sent all the same
                place = "audio" if isinstance(field, DeviceField) else name  # one reason stands for the three devices
                field.widget.attrs |= {"disabled": True, "aria-describedby": f"why-{place}"}
            if isinstance(field, DeviceField):
                field.offer(present[name], str(self[name].data or "") if self.is_bound else "")

    def clean_sip_password(self) -> str | None:
        """None keeps what is stored."""
        value: str | None = self.cleaned_data[WRITE_ONLY]
        if value and len(value) > LONGEST_SECRET:
            raise ValidationError(_("At most %(count)d characters.") % {"count": LONGEST_SECRET})
        return value

    def clean(self) -> dict[str, Any]:
        """A greyed field is not sent by the page: sent all the same, it is forged, or denied since the page came."""
        for name in self.changed_data:
            if name in self.denied:
                self.add_error(name, self.denied[name])
        for name in self.denied:
            self.fields[name].disabled = True  # the page that comes back shows what is in force, not what was sent
        return self.cleaned_data

    @property
    def refused(self) -> bool:
        """Something was sent that the user may not change."""
        return bool(set(self.errors) & set(self.denied))

    @property
    def changes(self) -> dict[str, Any]:
        """Of a valid form: the new values of what was changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}
