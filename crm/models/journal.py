"""What people did to the directory by hand, so that it can be told and undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.customers import ContactPerson, Counterparty


class NumberPlacement(models.Model):
    """One «Добавить номер» that was finished: the rows of contact information before and after.

    `before` and `after`: `[{"id", "owner", "owner_id", "kind", "value", "is_main", "external_key"}]`, all rows of
    everybody whose rows changed. `created`: `{"counterparty": id, "person": id}`, those of the two that were made then.
    """

    number = models.CharField(_("number"), max_length=80)  # as the PBX gave it
    counterparty = models.ForeignKey(
        Counterparty, models.SET_NULL, null=True, blank=True, verbose_name=_("counterparty"), related_name="placements"
    )
    person = models.ForeignKey(
        ContactPerson,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("contact person"),
        related_name="placements",
    )
    owner_name = models.CharField(_("customer at that time"), max_length=520)
    linkedid = models.CharField(_("linkedid"), max_length=150, blank=True)  # of the call it came from, if any
    before = models.JSONField(_("before"), default=list, blank=True)
    after = models.JSONField(_("after"), default=list, blank=True)
    created = models.JSONField(_("customers created with it"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"), related_name="number_placements"
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    undone = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("undone by"), related_name="+"
    )

    class Meta:
        verbose_name = _("placed number")
        verbose_name_plural = _("placed numbers")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.number} → {self.owner_name}"


class MergeRecord(models.Model):
    """One merge of duplicates: who was kept, who went, what moved (ids, so that it can be told later)."""

    survivor = models.ForeignKey(
        Counterparty, models.SET_NULL, null=True, verbose_name=_("kept"), related_name="merge_records"
    )
    survivor_name = models.CharField(_("kept, at that time"), max_length=255)
    moved = models.JSONField(_("what was moved"), default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("merge of duplicates")
        verbose_name_plural = _("merges of duplicates")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.survivor_name
