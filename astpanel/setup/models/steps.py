"""The steps of the assistant and what is known of each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """In order."""

    ADMINISTRATOR = "administrator", _("First administrator")  # A0
    AGREEMENT = "agreement", _("Licence agreement")  # A1
    CONFIGURATION = "configuration", _("Configuration")  # A2
    PROTECTION = "protection", _("Protection")  # A3
    CONTACTS = "contacts", _("My contact information")  # A4
    PBX = "pbx", _("PBX connection")  # A5
    NUMBERS = "numbers", _("City codes")  # A6


class StepRecord(models.Model):
    """The last word on one step; no row = nobody has been there yet."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    step = models.CharField(_("step"), max_length=20, choices=Step, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    data = models.JSONField(_("typed so far"), default=dict, blank=True)  # never a secret
    changed = models.DateTimeField(_("changed"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+"
    )

    class Meta:
        verbose_name = _("assistant step")
        verbose_name_plural = _("assistant steps")

    def __str__(self) -> str:
        return self.get_step_display()
