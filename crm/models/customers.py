"""Customers: counterparties and the persons who speak for them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.folding import fold
from crm.models.noted import NotedQuerySet
from crm.models.sources import CustomerSource


class CustomerQuerySet(NotedQuerySet[Any]):
    """Writing in bulk folds the names too: a row without its folded name would never be found by it."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.name_key = fold(row.name)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), set(fields)
        if "name" in names:
            names.add("name_key")
            for row in rows:
                row.name_key = fold(row.name)
        return super().bulk_update(rows, sorted(names), *args, **kwargs)

    def update(self, **values: Any) -> int:
        """Raises TypeError for a name: those are changed by save() or bulk_update(), which fold it."""
        if "name" in values and "name_key" not in values:
            raise TypeError("update() cannot fold the name: use bulk_update()")
        return super().update(**values)


class Customer(models.Model):
    """What counterparties and contact persons have in common. Who was merged away keeps a row that leads on."""

    name = models.CharField(_("name"), max_length=255, db_index=True)
    name_key = models.CharField(max_length=300, blank=True, editable=False)  # crm.folding.fold(name): what is searched
    source = models.ForeignKey(
        CustomerSource,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("source"),
        related_name="+",
    )  # None: typed or imported here
    external_ref = models.CharField(_("external reference"), max_length=64, blank=True, db_index=True)
    archived = models.BooleanField(_("archived"), default=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = fold(self.name)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "changed", *({"name_key"} if "name" in fields else set())}
        with transaction.atomic(savepoint=False):  # the signal's note is committed with the row
            super().save(*args, **kwargs)


class Counterparty(Customer):
    """A company or a person the office does business with."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        PERSON = "person", _("person")

    name = models.CharField(pgettext_lazy("customer", "name"), max_length=255, db_index=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.COMPANY)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("responsible manager"),
        related_name="counterparties",
    )
    note = models.TextField(_("note"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("merged into"),
        related_name="merged",
    )

    class Meta:
        verbose_name = _("counterparty")
        verbose_name_plural = _("counterparties")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_ref"],
                condition=~models.Q(external_ref="") & models.Q(source__isnull=False),
                name="counterparty_once_per_source",
            )
        ]
        indexes = [models.Index(fields=["name_key", "archived", "merged_into"], name="counterparty_name_key")]


class ContactPerson(Customer):
    """A person who speaks for a counterparty."""

    counterparty = models.ForeignKey(
        Counterparty, models.CASCADE, verbose_name=_("counterparty"), related_name="contact_persons"
    )
    position = models.CharField(_("position"), max_length=255, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("merged into"),
        related_name="merged",
    )

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_ref"],
                condition=~models.Q(external_ref="") & models.Q(source__isnull=False),
                name="person_once_per_source",
            )
        ]
        indexes = [models.Index(fields=["name_key", "archived", "merged_into"], name="person_name_key")]
