"""This installation as licences see it."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """One row: who we are, and the latest moment we have seen (a clock set back behind it is noticed)."""

    uuid = models.UUIDField(_("installation number"), default=uuid4, unique=True, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    latest_seen = models.DateTimeField(_("latest moment seen"), null=True, blank=True)
    trial_created = models.DateTimeField(_("trial key created"), null=True, blank=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")

    def __str__(self) -> str:
        return str(self.uuid)
