"""Licence keys."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class License(models.Model):
    """A key that lets a number of users work."""

    class Kind(models.TextChoices):
        PERMANENT = "permanent", _("permanent")
        TRIAL = "trial", _("trial")

    key_id = models.CharField(_("key"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    holder = models.CharField(_("holder"), max_length=200)
    seats = models.PositiveIntegerField(_("seats"), validators=[MinValueValidator(1)])
    issued = models.DateTimeField(_("issued"))
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    document = models.TextField(_("signed document"), blank=True)

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["-issued"]

    def __str__(self) -> str:
        return self.key_id

    def clean(self) -> None:
        """A trial ends; nothing ends before it began."""
        super().clean()
        if self.kind == self.Kind.TRIAL and self.expires is None:
            raise ValidationError({"expires": _("A trial key needs an end.")})
        if self.expires and self.issued and self.expires <= self.issued:
            raise ValidationError({"expires": _("The key would end before it begins.")})

    def valid_at(self, moment: datetime) -> bool:
        """True while the key lets people work: permanent keys may have no end."""
        return self.issued <= moment and (self.expires is None or moment < self.expires)
