"""Contact information: one number or address of exactly one owner, with the keys it is found by."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from astpanel.lib.phone_numbers import Reading, clean_text, number_keys, readable, split_extension
from crm import number_rules
from crm.models.customers import ContactPerson, Counterparty
from crm.models.kinds import AddressType, ContactInfoKind
from crm.models.noted import NotedQuerySet
from crm.values import clean_value

OWNERS: Final = ("counterparty", "person", "user")
COMPUTED: Final = ("type", "e164", "last10", "extension")


class ContactInfoQuerySet(NotedQuerySet["ContactInfo"]):
    """Writing in bulk computes the keys too: a row without them would never be found by its number."""

    def bulk_create(self, objs: Iterable["ContactInfo"], *args: Any, **kwargs: Any) -> list["ContactInfo"]:
        rows = list(objs)
        self._compute(rows)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable["ContactInfo"], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), set(fields)
        if names & {"value", "kind", "kind_id"}:
            self._compute(rows)
            names |= set(COMPUTED)
        return super().bulk_update(rows, sorted(names), *args, **kwargs)

    def update(self, **values: Any) -> int:
        """Values are changed by save() or bulk_update(), which compute the keys."""
        if (forbidden := {"value", "kind", "kind_id"} & set(values)) and not set(COMPUTED) <= set(values):
            raise TypeError(f"update() cannot compute the keys of {', '.join(sorted(forbidden))}: use bulk_update()")
        return super().update(**values)

    @staticmethod
    def _compute(rows: Sequence["ContactInfo"]) -> None:
        kinds = ContactInfoKind.objects.in_bulk({row.kind_id for row in rows})
        for row in rows:
            row.compute(kinds[row.kind_id])


class ContactInfo(models.Model):
    """`type`, `e164` and `last10` are computed when the row is written. One main row per owner and type."""

    kind = models.ForeignKey(ContactInfoKind, models.PROTECT, verbose_name=_("kind"), related_name="values_of_kind")
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
    type = models.CharField(_("type"), max_length=16, choices=AddressType, editable=False)
    e164 = models.CharField(max_length=16, blank=True, editable=False)
    last10 = models.CharField(max_length=10, blank=True, editable=False)
    extension = models.CharField(max_length=8, blank=True, editable=False)  # `доб. 12`: behind the company's line
    external_key = models.CharField(max_length=300, blank=True, editable=False)  # of the row in the source

    objects = ContactInfoQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact information")
        verbose_name_plural = _("contact information")
        ordering = ["-is_main", "id"]
        indexes = [
            models.Index(fields=["e164"], name="contact_info_e164"),
            models.Index(fields=["last10"], name="contact_info_last10"),
        ]
        constraints = [
            models.CheckConstraint(
                name="contact_info_one_owner",
                condition=(
                    Q(counterparty__isnull=False, person__isnull=True, user__isnull=True)
                    | Q(counterparty__isnull=True, person__isnull=False, user__isnull=True)
                    | Q(counterparty__isnull=True, person__isnull=True, user__isnull=False)
                ),
            ),
            *(
                models.UniqueConstraint(fields=[owner, "type"], condition=Q(is_main=True), name=f"{owner}_one_main")
                for owner in OWNERS
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.compute(self.kind)
        if (fields := kwargs.get("update_fields")) is not None and {"value", "kind", "kind_id"} & set(fields):
            kwargs["update_fields"] = {*fields, *COMPUTED}
        with transaction.atomic(savepoint=False):  # the signal's note is committed with the row
            if self.is_main:
                self._take_over_main()
            super().save(*args, **kwargs)

    def compute(self, kind: ContactInfoKind) -> None:
        """Type and search keys, from the kind and the value."""
        self.type = kind.type
        self.e164, self.last10, self.extension = "", "", ""
        if kind.type == AddressType.PHONE:
            self.compute_phone(number_rules.CACHE.get().reading)
        elif kind.type == AddressType.INTERNAL:
            self.e164, self.last10 = self.value, self.value[-10:]

    def compute_phone(self, reading: Reading) -> None:
        """The search keys of a phone number, read in this way."""
        self.e164, self.last10 = number_keys(self.value, reading)
        self.extension = split_extension(clean_text(self.value))[1] if self.e164 else ""

    def clean(self) -> None:
        """The value fits its kind, the kind its owner, and an internal number has one owner."""
        super().clean()
        if self.kind_id is None:
            return  # the form has said already that the kind is missing
        owner = self.owner_field
        if owner is not None and self.kind.owner != owner:
            raise ValidationError({"kind": _("This kind is for another sort of owner.")})
        try:
            self.value = clean_value(self.kind.type, self.value)
        except ValidationError as error:
            raise ValidationError({"value": error}) from None
        if self.kind.type == AddressType.INTERNAL and (other := self._same_number_of_another()):
            text = _("%(number)s is already the internal number of %(user)s.")
            raise ValidationError({"value": ValidationError(text, params={"number": self.value, "user": other.user})})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Saving a main row makes the others plain: that is no conflict to complain of."""
        super().validate_constraints(exclude={*(exclude or ()), "is_main"})

    @property
    def readable(self) -> str:
        """For people: `+7 495 111-22-33`, with its extension; what is no such number as it was typed."""
        if not self.e164.startswith("+"):
            return self.value
        number = readable(self.e164)
        parts = {"number": number, "extension": self.extension}
        return gettext("%(number)s ext. %(extension)s") % parts if self.extension else number

    @property
    def owner_field(self) -> str | None:
        """`counterparty`, `person` or `user`; None while nobody owns the row."""
        return next((owner for owner in OWNERS if getattr(self, f"{owner}_id") is not None), None)

    def _take_over_main(self) -> None:
        """The last one made main is the main one, in whatever order rows are saved."""
        owner = self.owner_field
        if owner is not None:
            same = ContactInfo.objects.filter(**{f"{owner}_id": getattr(self, f"{owner}_id"), "type": self.type})
            same.filter(is_main=True).exclude(pk=self.pk).update(is_main=False)

    def _same_number_of_another(self) -> "ContactInfo | None":
        """Two PBXs may both have a 101; one PBX has one. A user without a PBX belongs to each."""
        rows = ContactInfo.objects.filter(type=AddressType.INTERNAL, e164=self.value).exclude(pk=self.pk)
        if self.user_id is not None:
            rows = rows.exclude(user_id=self.user_id)
        if self.user is not None and self.user.pbx_id is not None:  # a user who is just being added has no id yet
            rows = rows.filter(Q(user__pbx=None) | Q(user__pbx=self.user.pbx_id))
        return rows.select_related("user").first()
