"""The form of «Коды городов»: the plan, its rewrite rules in order, and a number to try. Used by the admin and A6."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import phonenumbers
from babel import Locale, UnknownLocaleError
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from astpanel.lib.numbering import NumberRules, numbers_of
from crm.models import AddressType, ContactInfo, NumberingPlan, RewriteRule
from crm.number_rules import rules_of, stored_plan
from crm.services import SavedNumbering, save_numbering

if TYPE_CHECKING:
    PlanForm = forms.ModelForm[NumberingPlan]  # generic for the type checker only
    RuleForm = forms.ModelForm[RewriteRule]
    FormSet = BaseInlineFormSet[RewriteRule, NumberingPlan, "RewriteRuleForm"]
else:
    PlanForm = RuleForm = forms.ModelForm
    FormSet = BaseInlineFormSet

MOST_RULES: Final = 50
SEPARATORS: Final = re.compile(r"[\s().-]+")
DIGITS: Final = {"inputmode": "numeric", "autocomplete": "off"}
DIALLED: Final = {"inputmode": "tel", "autocomplete": "off", "spellcheck": "false"}


@lru_cache(maxsize=8)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(`RU`, `Россия (+7)`), … by name in the language."""
    try:
        names = Locale.parse(language, sep="-").territories
    except (ValueError, UnknownLocaleError):
        names = Locale("en").territories
    named = [(names.get(code, code), code) for code in phonenumbers.SUPPORTED_REGIONS]
    return tuple((code, f"{name} (+{phonenumbers.country_code_for_region(code)})") for name, code in sorted(named))


def _country_choices() -> tuple[tuple[str, str], ...]:
    return countries(get_language() or "en")


def internal_numbers_in_use() -> list[str]:
    """Of all users."""
    rows = ContactInfo.objects.filter(type=AddressType.INTERNAL, user__is_active=True)
    return list(rows.order_by("value").values_list("value", flat=True).distinct())


class RewriteRuleForm(RuleForm):
    """One row. A row in which nothing was typed is no rule."""

    class Meta:
        model = RewriteRule
        fields = ["name", "pattern", "strip", "prepend", "enabled"]
        labels = {"name": _("rule"), "strip": _("drop in front"), "enabled": _("in force")}
        widgets = {
            "pattern": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "strip": forms.NumberInput(attrs={"min": 0, "max": 15}),
            "prepend": forms.TextInput(attrs=DIALLED),
        }

    def has_changed(self) -> bool:
        """A place alone makes no rule of an empty row."""
        return bool(set(self.changed_data) - {"ORDER", "DELETE"})

    def clean_pattern(self) -> str:
        """Letters may be typed small."""
        return str(self.cleaned_data["pattern"]).strip().upper()

    def clean_prepend(self) -> str:
        """Typed with spaces, dialled without."""
        return SEPARATORS.sub("", self.cleaned_data["prepend"])


class RewriteRuleFormSet(FormSet):
    """Rules in the order of their place; «delete» takes one out."""

    def add_fields(self, form: "RewriteRuleForm", index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("place")
        form.fields["ORDER"].widget.attrs |= {"min": 1, "max": 999}
        form.fields["DELETE"].label = _("delete")

    def in_order(self) -> list[RewriteRule]:
        """Unsaved rows as typed; valid forms only."""
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if not form.cleaned_data.get("DELETE")]
        return [form.instance for form in sorted(kept, key=_place)]


def _place(form: RewriteRuleForm) -> tuple[bool, int]:
    place = form.cleaned_data.get("ORDER")
    return place is None, place or 0


Rules = inlineformset_factory(
    NumberingPlan,
    RewriteRule,
    form=RewriteRuleForm,
    formset=RewriteRuleFormSet,
    can_order=True,
    can_delete=True,
    extra=1,
    max_num=MOST_RULES,
    validate_max=True,
)


class NumberingForm(PlanForm):
    """The plan; `rules` is the formset of its rewrite rules, bound to the same data.

    `NumberingForm()` shows what is stored, `NumberingForm(data=request.POST)` what was typed; `is_valid` looks at
    both, `number_rules` is the value of what was typed, `write` saves it. `typed` is what to keep of an unsaved form:
    `NumberingForm(data=typed)` shows it again.
    """

    country = forms.ChoiceField(label=_("country"), choices=_country_choices)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    try_number = forms.CharField(label=_("try a number"), required=False, strip=False, max_length=255)

    class Meta:
        model = NumberingPlan
        fields = ["country", "area_code", "outside_prefix", "internal_min", "internal_max", "emergency", "service"]
        widgets = {
            "area_code": forms.TextInput(attrs=DIGITS),
            "outside_prefix": forms.TextInput(attrs=DIALLED),
            "internal_min": forms.NumberInput(attrs={"min": 1, "max": 10}),
            "internal_max": forms.NumberInput(attrs={"min": 1, "max": 10}),
            "emergency": forms.TextInput(attrs={"autocomplete": "off"}),
            "service": forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "country": _("Numbers typed without a country code belong to it."),
            "area_code": _("Put before the short numbers of your town: with 495, 111-22-33 is +7 495 111-22-33."),
            "outside_prefix": _("What is pressed first to get an outside line, for example 9. Empty if nothing is."),
            "emergency": _("Always dialled bare: no prefix, no rule, no busy colleague gets in the way."),
            "service": _("Of the PBX and the network: voicemail, queues, parking slots. Dialled as they are."),
        }

    def __init__(self, data: Any = None, *, instance: NumberingPlan | None = None, **kwargs: Any) -> None:
        plan = instance or stored_plan() or NumberingPlan(emergency=_emergency_at_first())
        super().__init__(data, instance=plan, **kwargs)
        self.trying = False  # the box looks at mistakes, not at what others do meanwhile
        self.initial["seen"] = _version(stored_plan())
        self.rules = cast(RewriteRuleFormSet, Rules(data, instance=plan, prefix="rules"))
        self.fields["try_number"].widget.attrs |= {**DIALLED, "placeholder": example(plan.country)}
        for name in ("area_code", "outside_prefix", "internal_min", "internal_max"):
            self.fields[name].widget.attrs["class"] = "num"

    def clean_area_code(self) -> str:
        """`(495)` → `495`. A trunk zero is no part of it."""
        code = SEPARATORS.sub("", self.cleaned_data["area_code"])
        country = self.cleaned_data.get("country", "")
        trunk = phonenumbers.ndd_prefix_for_region(country, True) if country else None
        if trunk == "0" and code.startswith("0"):
            raise ValidationError(_("Without the zero in front: it is dialled, but is no part of the code."))
        return code

    def clean(self) -> dict[str, Any]:
        """A form that shows an older plan must not undo what somebody else has saved since."""
        values = super().clean() or self.cleaned_data
        present = _version(stored_plan())
        if not self.trying and values.get("seen") not in {"", present}:
            self.data = {name: self.data.get(name) for name in self.data} | {"seen": present}
            raise ValidationError(
                _(
                    "Somebody has saved other number rules since this page was opened. Load the page again to see "
                    "them, or save once more to put what stands here in their place."
                ),
                code="overtaken",
            )
        return values

    def clean_emergency(self) -> str:
        """One form for all ways to type a list."""
        return ", ".join(numbers_of(self.cleaned_data["emergency"]))

    def clean_service(self) -> str:
        """As above."""
        return ", ".join(numbers_of(self.cleaned_data["service"]))

    def is_valid(self) -> bool:
        """Of the plan and of each rule: both are looked at, so that all mistakes are shown at once."""
        plan, rules = super().is_valid(), self.rules.is_valid()
        return plan and rules

    def has_changed(self) -> bool:
        """Something that would be saved."""
        return bool(set(self.changed_data) - {"try_number", "seen"}) or self.rules.has_changed()

    def number_rules(self) -> NumberRules:
        """What was typed, as a value; of a valid form."""
        return rules_of(self.instance, self.rules.in_order())

    def stored_rules(self) -> NumberRules:
        """What is shown before anybody types; of an unbound form."""
        return rules_of(self.instance, [form.instance for form in self.rules.initial_forms])

    def disable(self) -> None:
        """For somebody who may only look."""
        fields = [*self.fields.items(), *(item for form in self.rules.forms for item in form.fields.items())]
        for name, field in fields:
            field.disabled = name != "try_number"

    def write(self, *, by: Any) -> SavedNumbering:
        """Save what was typed; of a valid form."""
        return save_numbering(plan=self.instance, rules=self.rules.in_order(), by=by)

    def typed(self) -> dict[str, str]:
        """All values as they were typed, the rules' too."""
        return {
            name: str(value)[:255]
            for name, value in self.data.items()
            if name in self.fields or name.startswith(f"{self.rules.prefix}-")
        }


def _emergency_at_first() -> str:
    """The usual ones, without those that are somebody's internal number here."""
    taken = set(internal_numbers_in_use())
    default = NumberingPlan._meta.get_field("emergency").default
    return ", ".join(number for number in numbers_of(default) if number not in taken)


def _version(plan: NumberingPlan | None) -> str:
    return plan.changed.isoformat() if plan else "none"


@lru_cache(maxsize=256)
def example(region: str) -> str:
    """A number as people of the country write it; invented by the makers of the numbering tables."""
    number = phonenumbers.example_number(region) if region in phonenumbers.SUPPORTED_REGIONS else None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else ""
