"""«Коды городов»: how numbers are read and dialled, as data."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

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
