"""The one-time token that opens the step of the first administrator."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SetupToken(models.Model):
    """Only a digest is kept. A newer token replaces the older ones; it dies when the first administrator exists."""

    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("set-up token")
        verbose_name_plural = _("set-up tokens")

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d %H:%M}"
