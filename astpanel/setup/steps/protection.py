"""A3: «Контроль системы защиты»: the licence keys, a place to put one, and the trial key."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.licensing.document import LARGEST
from astpanel.accounts.licensing.selectors import installation, protection
from astpanel.accounts.licensing.services import create_trial, install_key
from astpanel.accounts.models import PanelUser
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text

UPLOAD, TRIAL = "upload", "trial"


class ProtectionForm(forms.Form):
    """A key as a file; not needed to go on."""

    document = forms.FileField(
        label=_("Key file"),
        required=False,
        allow_empty_file=True,
        help_text=_("Drop the file here or choose it."),
    )


class ProtectionStep(StepPage):
    """Goes on when the protection system works and a permanent or trial key is valid."""

    step = Step.PROTECTION
    form_class = ProtectionForm
    template = "setup/protection.html"
    lead = _("A key says how many people may use the panel. Add yours, or try the product with a trial key.")
    gate = _("Goes on when a permanent or trial key is valid.")
    button = _("Continue")
    actions = frozenset({UPLOAD, TRIAL})

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        """A key that was chosen is added whichever button was pressed."""
        try:
            if action == TRIAL:
                key = create_trial(by=user)
            elif (file := form.cleaned_data["document"]) is not None:
                key = install_key(document=file.read(LARGEST + 1), by=user)
            elif action == UPLOAD:
                form.add_error("document", _("Choose a file first."))
                return StepOutcome(done=False, quiet=True)
            else:
                return self._judge()
        except ValidationError as error:
            form.add_error(None if action == TRIAL else "document", error)
            return StepOutcome(done=False, quiet=True)
        return StepOutcome(done=False, stay=True, reason=_("The key %(key)s is added.") % {"key": key.key_id})

    def _judge(self) -> StepOutcome:
        state = protection(now=timezone.now())
        passed = state.available and state.usable
        return StepOutcome(done=passed, reason="" if passed else state.reason)

    def told(self, user: PanelUser) -> Text:
        return protection(now=timezone.now()).reason

    def shown(self, user: PanelUser, form: forms.BaseForm) -> dict[str, Any]:
        state = protection(now=timezone.now())
        here = installation()
        return {
            "protection": state,
            "needed": ("document",),
            "blocked": "" if state.available and state.usable else state.reason,
            "installation": here.uuid,
            "trial_possible": here.trial_created is None,
        }
