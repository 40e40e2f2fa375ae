"""Kinds of contact information: work phone, mobile, e-mail, «Внутренний»."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class AddressType(models.TextChoices):
    """What a value is, and how it is checked. Internal numbers stand apart: they have a main one of their own."""

    PHONE = "phone", _("phone")
    INTERNAL = "internal", _("internal number")
    EMAIL = "email", _("e-mail")
    ADDRESS = "address", _("address")
    OTHER = "other", _("other")


class ContactInfoKind(models.Model):
    """What a piece of contact information means, for one sort of owner. The meaning is fixed once it is used."""

    class Owner(models.TextChoices):
        COUNTERPARTY = "counterparty", _("counterparty")
        PERSON = "person", _("contact person")
        USER = "user", _("panel user")

    name = models.CharField(_("name"), max_length=100)
    owner = models.CharField(_("for whom"), max_length=16, choices=Owner)
    type = models.CharField(_("type"), max_length=16, choices=AddressType, default=AddressType.PHONE)
    is_mobile = models.BooleanField(
        _("mobile number"), default=False, help_text=_("Forwarding to the mobile takes the number of this kind.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact-information kind")
        verbose_name_plural = _("contact-information kinds")
        ordering = ["owner", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="kind_once_per_owner"),
            models.CheckConstraint(
                name="internal_numbers_are_users", condition=~models.Q(type="internal") | models.Q(owner="user")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Values of the kind were checked, and their search keys computed, for what the kind meant then."""
        super().clean()
        if self.type == AddressType.INTERNAL and self.owner != self.Owner.USER:
            raise ValidationError({"type": _("Only panel users have internal numbers.")})
        if self.is_mobile and self.type != AddressType.PHONE:
            raise ValidationError({"is_mobile": _("Only a phone can be a mobile number.")})
        stored = ContactInfoKind.objects.filter(pk=self.pk).values_list("type", "owner").first()
        if stored not in (None, (self.type, self.owner)) and self.values_of_kind.exists():
            raise ValidationError(_("The kind is in use: its type and owner cannot change any more."))
