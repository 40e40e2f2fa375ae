"""Licence keys."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class License(models.Model):
    """A key that lets a number of users work: what its signed document says, readable. The document decides.

    A row whose columns and document differ was tampered with (astpanel/accounts/licensing).
    """

    class Kind(models.TextChoices):
        PERMANENT = "permanent", _("permanent")
        TRIAL = "trial", _("trial")

    key_id = models.CharField(_("key"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    holder = models.CharField(_("holder"), max_length=200)
    seats = models.PositiveIntegerField(_("seats"), validators=[MinValueValidator(1)])
    issued = models.DateTimeField(_("issued"))
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    max_version = models.CharField(_("for versions up to"), max_length=32, blank=True)  # empty: every version
    installation = models.CharField(_("for the installation"), max_length=36, blank=True)  # empty: any
    document = models.TextField(_("signed document"), blank=True)
    added = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("added by"), related_name="+"
    )

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["-issued"]

    def __str__(self) -> str:
        return self.key_id
