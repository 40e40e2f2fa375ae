"""A4: which kind of contact information means internal numbers, and the administrator's own number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import PanelUser
from astpanel.accounts.services import set_in_use, set_internal_number
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text, add_errors
from crm.models import AddressType, ContactInfo, ContactInfoKind
from crm.services import INTERNAL_NAME, internal_kind


class ContactsForm(forms.Form):
    """«Вид внутреннего номера» and «Внутренний номер»."""

    kind = forms.TypedChoiceField(
        label=_("Kind of the internal number"),
        coerce=int,
        empty_value=None,
        help_text=_("The kind of contact information that holds the extensions of the office."),
    )
    number = forms.CharField(
        label=_("Internal number"),
        max_length=32,
        help_text=_("Your own extension on the PBX, for example 101. It is looked up there in the next step."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    in_use = forms.BooleanField(
        label=_("I use the panel myself"),
        required=False,
        help_text=_("Takes one licence seat. Without it you only administer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        field.choices = _kinds()  # type: ignore[attr-defined]  # a choice field
        field.required = bool(field.choices[0][0])  # type: ignore[attr-defined]  # a choice field


def _kinds() -> list[tuple[Any, Any]]:
    """The kinds there are, or the one that will be made."""
    kinds = ContactInfoKind.objects.filter(owner=ContactInfoKind.Owner.USER, type=AddressType.INTERNAL)
    found: list[tuple[Any, Any]] = [(kind.pk, kind.name) for kind in kinds]
    return found or [("", _("%(name)s (will be created)") % {"name": INTERNAL_NAME})]


class ContactsStep(StepPage):
    """The number is checked against everybody else's here, and against the PBX in the next step."""

    step = Step.CONTACTS
    form_class = ContactsForm
    template = "setup/contacts.html"
    lead = _("The panel knows people by their internal numbers. Begin with your own.")
    gate = _("Goes on when the number is free: one number has one owner.")
    button = _("Save and continue")

    def present(self, user: PanelUser) -> dict[str, Any]:
        row = _own_row(user)
        return {
            "kind": row.kind_id if row else None,
            "number": row.value if row else "",
            "in_use": user.in_use or row is None,
        }

    def told(self, user: PanelUser) -> Text:
        row = _own_row(user)
        return f"{row.kind.name}: {row.value}" if row else ""

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        """All or nothing: no number is kept when there is no seat for its owner."""
        values = form.cleaned_data
        try:
            with transaction.atomic():
                kind = ContactInfoKind.objects.filter(pk=values["kind"]).first() or internal_kind()
                set_internal_number(user=user, number=values["number"], kind=kind)
                if user.in_use != values["in_use"]:
                    _use_the_panel(user, on=values["in_use"])
        except ValidationError as error:
            add_errors(form, error, {"value": "number"})
            return StepOutcome(done=False)
        return StepOutcome(done=True)


def _use_the_panel(user: PanelUser, *, on: bool) -> None:
    try:
        set_in_use(users=[user], on=on)
    except ValidationError as error:
        raise ValidationError({"in_use": error.messages}) from None


def _own_row(user: PanelUser) -> ContactInfo | None:
    rows = ContactInfo.objects.filter(user=user, type=AddressType.INTERNAL).select_related("kind")
    return rows.order_by("-is_main", "id").first()
