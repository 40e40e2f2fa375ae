"""Contact information edited on its owner's page: kind, value, main."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import NamedCells
from crm.models import AddressType, ContactInfo, ContactInfoKind
from crm.values import clean_value, split_numbers

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]  # generic for the type checker only
    InfoModelForm = forms.ModelForm[ContactInfo]
else:
    TabularInline = admin.TabularInline
    InfoModelForm = forms.ModelForm


class ContactInfoForm(InfoModelForm):
    """One row. Several numbers in its field are refused with an offer: ticked, they become a row each."""

    split = forms.BooleanField(required=False, widget=forms.HiddenInput)  # its box stands in the offer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.further: list[str] = []  # numbers for which rows are made when this one is saved

    def clean(self) -> dict[str, Any] | None:
        """The first number stays in the row."""
        cleaned = super().clean()
        data = self.cleaned_data
        kind, numbers = data.get("kind"), split_numbers(data.get("value") or "")
        if data.get("split") and kind is not None and kind.type == AddressType.PHONE and len(numbers) > 1:
            try:
                data["value"], *self.further = [clean_value(kind.type, number) for number in numbers]
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned

    def full_clean(self) -> None:
        """With the offer in the place of the model's plain refusal."""
        super().full_clean()
        problems = self.errors.as_data().get("value", [])
        numbers = split_numbers(self.data.get(self.add_prefix("value"), ""))
        if len(numbers) > 1 and any(problem.code == "several" for problem in problems):
            self.errors["value"].data[:] = [ValidationError(self._offer(numbers), code="several")]

    def _offer(self, numbers: list[str]) -> SafeString:
        text = _("Several numbers in one field: give each a row of its own.")
        found = format_html_join(" · ", "<bdi>{}</bdi>", ((number,) for number in numbers))
        box = format_html('<input type="checkbox" name="{}" value="on">', self.add_prefix("split"))
        label = gettext("Split into rows:")
        return format_html('{}<br><label class="split-offer">{} <span>{} {}</span></label>', text, box, label, found)


class ContactInfoFormSet(NamedCells):
    """One main value of each type, and no value twice."""

    def clean(self) -> None:
        super().clean()
        mains: set[str] = set()
        values: set[tuple[str, str]] = set()
        for form in self.forms:
            row = form.cleaned_data if form.is_valid() else {}
            if not row or row.get("DELETE"):
                continue
            kind_type, main = row["kind"].type, row["is_main"]
            written = {(kind_type, value) for value in (form.instance.value, *form.further)}
            if written & values or len(written) <= len(form.further):
                self._refuse(form, "value", ValidationError(_("The same value twice.")))
            if main and kind_type in mains:
                self._refuse(form, "is_main", ValidationError(_("There is one main value of each type.")))
            values |= written
            mains |= {kind_type} if main else set()

    def save(self, commit: bool = True) -> Any:
        """Also the rows of numbers that stood in one field."""
        rows = super().save(commit=commit)
        for form in self.forms:
            if commit and form not in self.deleted_forms:
                for value in getattr(form, "further", ()):
                    made = ContactInfo(kind=form.instance.kind, value=value, **{self.fk.name: self.instance})
                    made.save()
                    self.new_objects.append(made)
        return rows

    @staticmethod
    def _refuse(form: "forms.ModelForm[ContactInfo]", field: str, error: ValidationError) -> None:
        form.add_error(field, error)


class ContactInfoInline(TabularInline):
    """Base; an inline of each owner names its foreign key."""

    model = ContactInfo
    form = ContactInfoForm
    formset = ContactInfoFormSet
    fields = ["kind", "value", "is_main"]
    extra = 0
    verbose_name = _("Number or address")
    verbose_name_plural = _("contact information")
    owner: ClassVar[ContactInfoKind.Owner]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Only kinds for this sort of owner."""
        if db_field.name == "kind":
            kwargs["queryset"] = ContactInfoKind.objects.filter(owner=self.owner)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Kinds are kept on a page of their own: no buttons for them in every row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind" and field is not None:
            for button in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{button}_related", False)
        return field


class UserInfoInline(ContactInfoInline):
    """Of a panel user: internal numbers, mobile, e-mail."""

    fk_name = "user"
    owner = ContactInfoKind.Owner.USER


class CounterpartyInfoInline(ContactInfoInline):
    """Of a counterparty."""

    fk_name = "counterparty"
    owner = ContactInfoKind.Owner.COUNTERPARTY


class PersonInfoInline(ContactInfoInline):
    """Of a contact person."""

    fk_name = "person"
    owner = ContactInfoKind.Owner.PERSON
