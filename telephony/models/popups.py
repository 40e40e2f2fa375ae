"""Which device shows the pop-up of a call."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from telephony.models.pbx import Pbx


class PopupClaim(models.Model):
    """One pop-up for each (user, call), whatever tabs and devices are open: the device that holds this row shows it.

    A lease: a device that went to sleep with it loses it at `expires`, and the next one goes on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("panel user"))
    pbx = models.ForeignKey(Pbx, models.CASCADE, related_name="+", verbose_name=_("PBX"))
    linkedid = models.CharField(_("linkedid"), max_length=150)
    device = models.CharField(_("device"), max_length=64)  # made up by the browser
    expires = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("shown pop-up")
        verbose_name_plural = _("shown pop-ups")
        constraints = [models.UniqueConstraint(fields=["user", "pbx", "linkedid"], name="popup_once")]
        indexes = [models.Index(fields=["expires"], name="popup_expires")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.linkedid}"
