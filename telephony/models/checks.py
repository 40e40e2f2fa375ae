"""What the PBX check found, and the phones the PBX knows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from telephony.models.pbx import Pbx


class PbxCheck(models.Model):
    """One run of «Проверка АТС»."""

    pbx = models.ForeignKey(Pbx, models.CASCADE, verbose_name=_("PBX"), related_name="checks")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("asked by"), related_name="+"
    )  # empty: the night's own run
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    connected = models.BooleanField(_("connected"), default=False)
    version = models.CharField(_("version"), max_length=100, blank=True)
    level = models.CharField(_("worst finding"), max_length=10, blank=True)  # ok, warning, error; empty: not finished
    findings = models.JSONField(_("findings"), default=list, blank=True)

    class Meta:
        verbose_name = _("PBX check")
        verbose_name_plural = _("PBX checks")
        ordering = ["-started"]
        indexes = [models.Index(fields=["pbx", "-started"], name="pbx_check_newest")]

    def __str__(self) -> str:
        return f"{self.pbx} {self.started:%Y-%m-%d %H:%M}"


class PhoneContact(models.Model):
    """A registered phone as the PBX told last: one address of an extension. Two phones of one number are two rows."""

    pbx = models.ForeignKey(Pbx, models.CASCADE, verbose_name=_("PBX"), related_name="phone_contacts")
    number = models.CharField(_("internal number"), max_length=80)  # the AOR's name
    uri = models.CharField(_("address"), max_length=300)
    user_agent = models.CharField(_("phone"), max_length=250, blank=True)  # hostile text: the phone wrote it
    registered = models.BooleanField(_("registered"), default=True)
    status = models.CharField(_("status"), max_length=40, blank=True)  # Asterisk's word: Reachable, NonQualified, …
    seen = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("registered phone")
        verbose_name_plural = _("registered phones")
        ordering = ["number", "uri"]
        constraints = [models.UniqueConstraint(fields=["pbx", "number", "uri"], name="phone_contact_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.user_agent}".rstrip()
