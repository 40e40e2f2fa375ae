"""What the portal last read of each row of the source: the local index that imports work from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.sources import CustomerSource


class SourceRow(models.Model):
    """One row of the source. Reading writes here, applying writes the directory: a reading that breaks off changes
    nobody. Rows are written by crm/sources/importing only.
    """

    class Role(models.TextChoices):
        """What the row is for us."""

        CUSTOMER = "customer", _("counterparty")
        LEGAL = "legal", _("legal entity of a counterparty")
        PERSON = "person", _("contact person")
        LINKED = "linked", _("natural person behind a contact person")
        NUMBER = "number", _("row of contact information")

    source = models.ForeignKey(CustomerSource, models.CASCADE, verbose_name=_("source"), related_name="rows")
    role = models.CharField(max_length=16, choices=Role)
    entity = models.CharField(_("object"), max_length=150)
    external_ref = models.CharField(_("external reference"), max_length=64)
    version = models.CharField(max_length=64, blank=True)  # DataVersion, or a digest of what has none
    owner = models.CharField(max_length=64, blank=True)  # reference of the row it belongs to
    link = models.CharField(max_length=64, blank=True)  # of a person: the natural person behind it
    manager = models.CharField(max_length=64, blank=True)  # of a customer: SourceUser.external_ref
    numbers = models.PositiveSmallIntegerField(default=0)  # rows of contact information in `data`
    data = models.JSONField(default=dict)  # crm/sources/importing/mirrored.py
    note = models.TextField(blank=True)  # the remark as it was taken over last
    run = models.BigIntegerField(default=0)  # SourceImport that saw it last
    dirty = models.BooleanField(default=True)  # read, not yet applied
    gone = models.BooleanField(default=False)  # a complete reading did not find it

    class Meta:
        verbose_name = _("row of the source")
        verbose_name_plural = _("rows of the source")
        constraints = [models.UniqueConstraint(fields=["source", "entity", "external_ref"], name="source_row_once")]
        indexes = [
            models.Index(fields=["source", "role", "owner"], name="source_row_owner"),
            models.Index(fields=["source", "role", "external_ref"], name="source_row_ref"),
            models.Index(
                fields=["source", "role", "external_ref"], name="source_row_dirty", condition=models.Q(dirty=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.external_ref}"
