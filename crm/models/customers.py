"""Customers: counterparties and the persons who speak for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Counterparty(models.Model):
    """A company or a person the office does business with."""

    name = models.CharField(_("name"), max_length=255, db_index=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("responsible manager"),
        related_name="counterparties",
    )
    note = models.TextField(_("note"), blank=True)
    external_ref = models.CharField(_("external reference"), max_length=64, blank=True, db_index=True)
    archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("counterparty")
        verbose_name_plural = _("counterparties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactPerson(models.Model):
    """A person who speaks for a counterparty."""

    counterparty = models.ForeignKey(
        Counterparty, models.CASCADE, verbose_name=_("counterparty"), related_name="contact_persons"
    )
    name = models.CharField(_("name"), max_length=255, db_index=True)
    position = models.CharField(_("position"), max_length=255, blank=True)
    external_ref = models.CharField(_("external reference"), max_length=64, blank=True, db_index=True)

    archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
