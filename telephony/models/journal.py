"""The journal of acts on calls: who asked for what, and what became of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from telephony.journal_words import ACTS, OUTCOMES, word
from telephony.models.pbx import Pbx


class ActionLog(models.Model):
    """One command of a user. Written by the gateway that carried it out, or by the web process that refused it."""

    command_id = models.UUIDField(_("command"), unique=True)
    pbx = models.ForeignKey(Pbx, models.SET_NULL, null=True, verbose_name=_("PBX"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("panel user"))
    name = models.CharField(_("action"), max_length=32)
    args = models.JSONField(_("arguments"), default=dict)
    outcome = models.CharField(_("outcome"), max_length=16)
    reason = models.CharField(_("reason"), max_length=64, blank=True)
    detail = models.CharField(_("detail"), max_length=255, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    seconds = models.FloatField(_("took, s"), default=0)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["-created", "-id"]
        indexes = [models.Index(fields=["-created", "-id"], name="action_newest")]

    def __str__(self) -> str:
        return f"{word(ACTS, self.name)}: {word(OUTCOMES, self.outcome)}"
