"""A PBX the portal is connected to, and the lease of the one gateway that speaks for it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.lib.secret_field import SecretField


class Pbx(models.Model):
    """One Asterisk and how to reach its manager interface."""

    class Kind(models.TextChoices):
        ASTERISK = "asterisk", "Asterisk"
        FREEPBX = "freepbx", "FreePBX"
        MIKOPBX = "mikopbx", "MikoPBX"
        ASKOZIA = "askozia", "Askozia"
        DEMO = "demo", _("demo PBX")

    class Transport(models.TextChoices):
        AMI = "ami", _("AMI over TCP")
        AJAM = "ajam", _("AJAM over HTTP")

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.ASTERISK)
    enabled = models.BooleanField(_("enabled"), default=True)
    host = models.CharField(_("host"), max_length=255)
    port = models.PositiveIntegerField(
        _("port"), default=5038, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    transport = models.CharField(_("transport"), max_length=8, choices=Transport, default=Transport.AMI)
    http_prefix = models.CharField(
        _("path before /rawman"),
        max_length=80,
        blank=True,
        help_text=_("`prefix` of http.conf, for example /asterisk; only for AJAM."),
    )
    tls = models.BooleanField(_("TLS"), default=False)
    tls_verify = models.BooleanField(_("verify the certificate"), default=True)
    tls_ca = models.TextField(_("certificate authority, PEM"), blank=True)
    username = models.CharField(_("AMI log-in"), max_length=100)
    secret = SecretField(_("AMI password"), blank=True, default="")
    control_username = models.CharField(
        _("AMI log-in for commands"),
        max_length=100,
        blank=True,
        help_text=_("Empty: the first account does everything."),
    )
    control_secret = SecretField(_("AMI password for commands"), blank=True, default="")
    phone_username = models.CharField(
        _("AMI log-in for phones"),
        max_length=100,
        blank=True,
        help_text=_("An account with write=system, for what needs it; empty: the account for commands."),
    )
    phone_secret = SecretField(_("AMI password for phones"), blank=True, default="")
    dial_context = models.CharField(
        _("dialling context"),
        max_length=80,
        default="internal",
        help_text=_("Where click to dial enters the dialplan."),
    )

    class Meta:
        verbose_name = _("PBX")
        verbose_name_plural = _("PBXs")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class GatewayLease(models.Model):
    """Who is the single writer of a PBX. A standby takes over when it has expired (guarded update, no lock)."""

    pbx = models.OneToOneField(Pbx, models.CASCADE, related_name="lease", verbose_name=_("PBX"))
    holder = models.CharField(_("holder"), max_length=100)
    epoch = models.PositiveBigIntegerField(_("epoch"), default=0)
    expires = models.DateTimeField(_("expires"))
    status = models.JSONField(_("status"), default=dict, blank=True)

    class Meta:
        verbose_name = _("gateway lease")
        verbose_name_plural = _("gateway leases")

    def __str__(self) -> str:
        return f"{self.pbx}: {self.holder}"
