"""A file of customers on its way into the directory."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.lib.file_import import FileImport


class DirectoryImport(FileImport):
    """A file, checked and shown before it is written, and what became of its rows.

    `counts`: `{"new", "changed", "same", "duplicate", "error"}` → rows. After the check they say what would be done,
    after the import what was. `sample`: the first rows as they are read (crm/exchange/outcomes.py). Refused rows have a
    row of ImportFault each.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("asked by"),
        related_name="directory_imports",
    )
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), default=b"", editable=False)  # the file, its rows packed, or empty
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("outcomes"), default=dict, blank=True)
    header = models.JSONField(_("headers"), default=list, blank=True)
    sample = models.JSONField(_("first rows"), default=list, blank=True)
    problem = models.CharField(_("why the file cannot be read"), max_length=500, blank=True)
    with_duplicates = models.BooleanField(_("possible duplicates too"), default=False)
    position = models.PositiveIntegerField(_("rows done"), default=0)  # written with them: a resumed job goes on there

    class Meta:
        verbose_name = _("import of customers")
        verbose_name_plural = _("imports of customers")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.name} {self.created:%Y-%m-%d %H:%M}"


class ImportFault(models.Model):
    """One row of a file that is not, or was not, imported, and why in words. Added in chunks."""

    directory_import = models.ForeignKey(
        DirectoryImport, models.CASCADE, verbose_name=_("import of customers"), related_name="faults"
    )
    line = models.PositiveIntegerField(_("row"))
    name = models.CharField(_("name"), max_length=255, blank=True)
    texts = models.JSONField(_("what is wrong"), default=list)
    cells = models.JSONField(_("cells"), default=list, blank=True)  # as the file has them
    duplicate = models.BooleanField(_("possible duplicate"), default=False)

    class Meta:
        verbose_name = _("refused row of a file")
        verbose_name_plural = _("refused rows of files")
        ordering = ["line", "id"]

    def __str__(self) -> str:
        return f"{self.line} {self.name}"


class DirectoryExport(models.Model):
    """A file of customers that a worker makes, to be taken away within a day.

    `ids`: the counterparties in it; None: all of them.
    """

    created = models.DateTimeField(_("created"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("asked by"),
        related_name="directory_exports",
    )
    format = models.CharField(_("format"), max_length=8, default="xlsx")  # csv, xlsx
    ids = models.JSONField(_("customers"), null=True, blank=True)
    content = models.BinaryField(_("content"), default=b"", editable=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    finished = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("export of customers")
        verbose_name_plural = _("exports of customers")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.format} {self.created:%Y-%m-%d %H:%M}"
