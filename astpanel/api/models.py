"""Other systems that may ask."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token opens."""

    DIRECTORY_READ = "directory:read", _("read the directory")
    DIRECTORY_WRITE = "directory:write", _("change the directory")
    CALLER = "caller:read", _("ask who calls")


class ApiClient(models.Model):
    """A system with a token of its own. The token is shown once; kept are its first letters and its digest."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    prefix = models.CharField(_("token begins with"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of the token, which is 256 random bits
    scopes = models.JSONField(_("may"), default=list)  # of Scope
    per_minute = models.PositiveIntegerField(
        _("requests a minute"), default=600, validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        verbose_name=_("created by"),
        related_name="+",
    )
    last_used = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)  # to the minute

    new_token = ""  # of a client just made, in memory only; no column

    class Meta:
        verbose_name = _("client of the interface")
        verbose_name_plural = _("clients of the interface")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
