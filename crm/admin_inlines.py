"""Contact information edited on its owner's page: kind, value, main."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from astpanel.admin_parts import NamedCells
from crm.models import ContactInfo, ContactInfoKind

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]  # generic for the type checker only
else:
    TabularInline = admin.TabularInline


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
            kind_type, value, main = row["kind"].type, form.instance.value, row["is_main"]
            if (kind_type, value) in values:
                self._refuse(form, "value", ValidationError(_("The same value twice.")))
            if main and kind_type in mains:
                self._refuse(form, "is_main", ValidationError(_("There is one main value of each type.")))
            values.add((kind_type, value))
            mains |= {kind_type} if main else set()

    @staticmethod
    def _refuse(form: "forms.ModelForm[ContactInfo]", field: str, error: ValidationError) -> None:
        form.add_error(field, error)


class ContactInfoInline(TabularInline):
    """Base; an inline of each owner names its foreign key."""

    model = ContactInfo
    formset = ContactInfoFormSet
    fields = ["kind", "value", "is_main"]
    extra = 0
    owner: ClassVar[ContactInfoKind.Owner]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Only kinds for this sort of owner."""
        if db_field.name == "kind":
            kwargs["queryset"] = ContactInfoKind.objects.filter(owner=self.owner)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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
