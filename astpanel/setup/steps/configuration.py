"""A2: the system that holds the customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import PanelUser
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text
from crm.models import CustomerSource

BUILTIN = "builtin"


class ConfigurationForm(forms.Form):
    """The built-in directory."""

    configuration = forms.ChoiceField(
        label=_("Where the customers are kept"),
        choices=[(BUILTIN, _("Built-in directory"))],
        widget=forms.RadioSelect,
        initial=BUILTIN,
    )


class ConfigurationStep(StepPage):
    """Which configuration it is."""

    step = Step.CONFIGURATION
    form_class = ConfigurationForm
    template = "setup/configuration.html"
    lead = _("Names of callers come from your customers. Say where they are kept.")
    gate = _("Goes on when the system is recognised or chosen.")
    button = _("Save and continue")

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        CustomerSource.objects.update_or_create(pk=1, defaults={"configuration": form.cleaned_data["configuration"]})
        return StepOutcome(done=True)

    def present(self, user: PanelUser) -> dict[str, Any]:
        source = CustomerSource.objects.first()
        return {"configuration": source.configuration if source else BUILTIN}

    def told(self, user: PanelUser) -> Text:
        return _("Built-in directory")
