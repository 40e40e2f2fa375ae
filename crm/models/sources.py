"""Where the customers live."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.lib.secret_field import SecretField
from crm.sources.registry import CONFIGURATIONS


class CustomerSource(models.Model):
    """The system that holds the customers, as step A2 of the assistant found or chose it. One row per system."""

    class Verdict(models.TextChoices):
        """What identification said."""

        NOT_ASKED = "not_asked", _("not asked")
        RECOGNISED = "recognised", _("recognised")
        MODIFIED = "modified", _("modified")
        UNKNOWN = "unknown", _("unknown")
        EMPTY = "empty", _("empty")
        NO_ACCESS = "no_access", _("no access")

    configuration = models.CharField(_("configuration"), max_length=40, default="builtin")  # code of crm.sources
    chosen_by_hand = models.BooleanField(_("chosen by hand"), default=False)
    url = models.CharField(_("address of the OData service"), max_length=500, blank=True)
    username = models.CharField(_("log-in"), max_length=100, blank=True)
    password = SecretField(_("password"), blank=True, default="")
    tls_verify = models.BooleanField(_("verify the certificate"), default=True)
    name = models.CharField(_("name of the configuration"), max_length=200, blank=True)
    verdict = models.CharField(_("identification"), max_length=16, choices=Verdict, default=Verdict.NOT_ASKED)
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)  # what the verdict was drawn from
    identified = models.DateTimeField(_("identified"), null=True, blank=True)
    enabled = models.BooleanField(_("read customers from it"), default=False)
    write_back = models.BooleanField(_("write placed numbers there"), default=False)
    field_map = models.JSONField(_("field map"), default=dict, blank=True)  # crm/sources/field_map.FieldMap as JSON
    map_confirmed = models.DateTimeField(_("field map confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("source of customers")
        verbose_name_plural = _("sources of customers")
        ordering = ["id"]

    def __str__(self) -> str:
        known = CONFIGURATIONS.get(self.configuration)
        return str(known.name) if known else self.configuration
