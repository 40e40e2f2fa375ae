"""A6: «Коды городов»: how numbers are read and dialled; a number can be tried at once."""

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.accounts.models import PanelUser
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text, add_errors
from crm.number_rules import stored_plan
from crm.numbering_forms import NumberingForm
from crm.numbering_trial import trial, trial_of

TRY: Final = "try"  # the button of the box, where no script runs


class NumbersStep(StepPage):
    """The form and the box of crm; the plan is one row."""

    step = Step.NUMBERS
    form_class = NumberingForm
    template = "setup/numbers.html"
    lead = gettext_lazy("Where the office is and how it dials outside. Try a number: the box shows what becomes of it.")
    gate = gettext_lazy("Goes on when the rules make sense.")
    button = gettext_lazy("Save and finish")
    actions = frozenset({TRY})

    def form(self, user: PanelUser, *, initial: dict[str, Any] | None = None, **bound: Any) -> forms.BaseForm:
        """What was typed and left is shown as it was typed, with its mistakes."""
        data = bound.get("data") or initial or None
        return NumberingForm(data)

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        if action == TRY:
            return StepOutcome(done=False, quiet=True)
        try:
            cast(NumberingForm, form).write(by=user)
        except ValidationError as error:
            add_errors(form, error, {})
            return StepOutcome(done=False)
        return StepOutcome(done=True)

    def has_changed(self, form: forms.BaseForm) -> bool:
        return cast(NumberingForm, form).has_changed()

    def typed(self, form: forms.BaseForm, data: QueryDict) -> dict[str, Any]:
        return cast(NumberingForm, form).typed()

    def told(self, user: PanelUser) -> Text:
        plan = stored_plan()
        if plan is None:
            return ""
        words = {"country": plan.country, "area": plan.area_code or "—", "prefix": plan.outside_prefix or "—"}
        return _("country %(country)s, area code %(area)s, outside-line prefix %(prefix)s") % words

    def shown(self, user: PanelUser, form: forms.BaseForm) -> dict[str, Any]:
        numbering = cast(NumberingForm, form)
        return {"trial": trial(numbering) if form.is_bound else trial_of(numbering.stored_rules(), "")}
