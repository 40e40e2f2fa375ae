"""A1: the licence agreement."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import PanelUser
from astpanel.setup import agreement, selectors, services
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text


class AgreementForm(forms.Form):
    """One box. `digest` is of the text that was shown: another one must not be accepted unseen."""

    accepted = forms.BooleanField(
        label=_("I have read the agreement and accept it"),
        error_messages={"required": _("Nothing goes on without your acceptance.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput, initial=agreement.DIGEST)

    def clean(self) -> dict[str, Any]:
        """The text may have changed while the page was open."""
        if self.cleaned_data.get("digest") != agreement.DIGEST:
            self.add_error("accepted", _("The text has changed meanwhile. Read it again, please."))
        return self.cleaned_data


class AgreementStep(StepPage):
    """Our text, and who accepted it when."""

    step = Step.AGREEMENT
    form_class = AgreementForm
    template = "setup/agreement.html"
    lead = _("Read the agreement. The product may be used only by those who accept it.")
    gate = _("Goes on when the agreement is accepted.")
    button = _("Accept and continue")

    def present(self, user: PanelUser) -> dict[str, Any]:
        return {"accepted": selectors.acceptance() is not None}

    def form(self, user: PanelUser, *, initial: dict[str, Any] | None = None, **bound: Any) -> forms.BaseForm:
        """The digest is always that of the text shown, whatever was typed before."""
        return AgreementForm(initial={**(initial or {}), "digest": agreement.DIGEST}, **bound)

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        """One acceptance is enough until the text changes."""
        if selectors.acceptance() is None:
            services.accept_agreement(by=user)
        return StepOutcome(done=True)

    def told(self, user: PanelUser) -> Text:
        row = selectors.acceptance()
        return (
            _("version %(version)s, accepted by %(name)s") % {"version": row.version, "name": row.user_name}
            if row
            else ""
        )

    def shown(self, user: PanelUser, form: forms.BaseForm) -> dict[str, Any]:
        return {
            "sections": agreement.sections(get_language() or "ru"),
            "version": agreement.VERSION,
            "acceptance": selectors.acceptance(),
        }
