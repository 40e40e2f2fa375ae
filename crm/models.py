"""Customers: counterparties, their contact persons, and how to reach them and ourselves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from astpanel.lib.phone_numbers import number_keys


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

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactInfoKind(models.Model):
    """What a piece of contact information is: work phone, mobile, e-mail, «Внутренний»."""

    class Owner(models.TextChoices):
        COUNTERPARTY = "counterparty", _("counterparty")
        PERSON = "person", _("contact person")
        USER = "user", _("panel user")

    class Type(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        ADDRESS = "address", _("address")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=100)
    owner = models.CharField(_("for whom"), max_length=16, choices=Owner)
    type = models.CharField(_("type"), max_length=16, choices=Type, default=Type.PHONE)
    is_internal = models.BooleanField(_("internal number"), default=False)
    is_mobile = models.BooleanField(_("mobile number"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact-information kind")
        verbose_name_plural = _("contact-information kinds")
        ordering = ["owner", "order", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="kind_once_per_owner")]

    def __str__(self) -> str:
        return self.name


class ContactInfo(models.Model):
    """One number or address of exactly one owner. The keys `e164` and `last10` are computed when it is saved."""

    kind = models.ForeignKey(ContactInfoKind, models.PROTECT, verbose_name=_("kind"))
    counterparty = models.ForeignKey(
        Counterparty, models.CASCADE, null=True, blank=True, verbose_name=_("counterparty"), related_name="contact_info"
    )
    person = models.ForeignKey(
        ContactPerson,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("contact person"),
        related_name="contact_info",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("panel user"),
        related_name="contact_info",
    )
    value = models.CharField(_("value"), max_length=255)
    is_main = models.BooleanField(_("main"), default=False)
    e164 = models.CharField(max_length=16, blank=True, editable=False, db_index=True)
    last10 = models.CharField(max_length=10, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("contact information")
        verbose_name_plural = _("contact information")
        ordering = ["kind__order", "-is_main", "id"]
        constraints = [
            models.CheckConstraint(
                name="contact_info_one_owner",
                condition=(
                    Q(counterparty__isnull=False, person__isnull=True, user__isnull=True)
                    | Q(counterparty__isnull=True, person__isnull=False, user__isnull=True)
                    | Q(counterparty__isnull=True, person__isnull=True, user__isnull=False)
                ),
            )
        ]

    def __str__(self) -> str:
        return self.value

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.e164, self.last10 = number_keys(self.value) if self.kind.type == ContactInfoKind.Type.PHONE else ("", "")
        super().save(*args, **kwargs)
