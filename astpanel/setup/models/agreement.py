"""Who accepted the licence agreement, and when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementAcceptance(models.Model):
    """Never changed or deleted. Another text asks for another acceptance."""

    version = models.CharField(_("version of the text"), max_length=20)
    sha256 = models.CharField(_("digest of the text"), max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("accepted by"), related_name="+"
    )
    user_name = models.CharField(_("name"), max_length=320)
    accepted = models.DateTimeField(_("accepted"), auto_now_add=True)

    class Meta:
        verbose_name = _("acceptance of the agreement")
        verbose_name_plural = _("acceptances of the agreement")
        ordering = ["-accepted"]

    def __str__(self) -> str:
        return f"{self.user_name} {self.accepted:%Y-%m-%d %H:%M}"
