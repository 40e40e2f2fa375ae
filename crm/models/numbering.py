"""«Коды городов»: how numbers are read and dialled, as data."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from astpanel.lib.numbering import PatternError
from astpanel.lib.numbering.patterns import lengths
from crm.numbering_texts import pattern_problem

digits = RegexValidator(r"\A[0-9]*\Z", _("Only digits."))
dialable = RegexValidator(r"\A[0-9*#]*\Z", _("Only digits, * and #."))
number_list = RegexValidator(r"\A[0-9*#, ]*\Z", _("Numbers with commas between them."))


class NumberingPlan(models.Model):
    """The office's numbering: one row. As a value: astpanel/lib/numbering.py."""

    country = models.CharField(_("country"), max_length=2, default="RU")  # ISO 3166
    area_code = models.CharField(_("area code"), max_length=8, blank=True, validators=[digits])
    outside_prefix = models.CharField(_("outside-line prefix"), max_length=8, blank=True, validators=[dialable])
    internal_min = models.PositiveSmallIntegerField(
        _("shortest internal number"), default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    internal_max = models.PositiveSmallIntegerField(
        _("longest internal number"), default=5, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    emergency = models.CharField(
        _("emergency numbers"), max_length=250, blank=True, default="112, 101, 102, 103, 104", validators=[number_list]
    )
    service = models.CharField(_("service numbers"), max_length=250, blank=True, validators=[number_list])
    changed = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("numbering plan")
        verbose_name_plural = _("numbering plans")

    def __str__(self) -> str:
        return f"{self.country} {self.area_code}".rstrip()

    def clean(self) -> None:
        """A country, and a length of internal numbers."""
        if self.country not in SUPPORTED_REGIONS:
            raise ValidationError({"country": _("Choose a country.")})
        if None not in (self.internal_min, self.internal_max) and self.internal_min > self.internal_max:
            raise ValidationError({"internal_max": _("The longest is shorter than the shortest.")})


class RewriteRule(models.Model):
    """One rule for what is dialled: the first whose pattern fits the whole number wins."""

    plan = models.ForeignKey(NumberingPlan, models.CASCADE, verbose_name=_("numbering plan"), related_name="rules")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("name"), max_length=100)
    pattern = models.CharField(
        _("pattern"),
        max_length=64,
        help_text=_("X any digit, Z 1 to 9, N 2 to 9, [1-5] a range, . the rest; a plus is a plus."),
    )
    strip = models.PositiveSmallIntegerField(
        _("drop characters in front"), default=0, validators=[MaxValueValidator(15)]
    )
    prepend = models.CharField(_("put in front"), max_length=16, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("rewrite rule")
        verbose_name_plural = _("rewrite rules")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The pattern can be read, and the rule leaves something to dial."""
        try:
            shortest, _longest = lengths(self.pattern)
        except PatternError as error:
            raise ValidationError({"pattern": pattern_problem(error)}) from None
        if re.fullmatch(r"\+?[0-9*#]*", self.prepend) is None:
            raise ValidationError({"prepend": _("Only digits, * and #, and a plus in front.")})
        if self.strip is not None and self.strip >= shortest and not self.prepend:
            text = _("Nothing would be left of a number of %(count)d characters.")
            raise ValidationError({"strip": ValidationError(text, params={"count": shortest})})
