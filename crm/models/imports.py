"""A file of customers on its way into the directory."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectoryImport(models.Model):
    """A file, checked and shown before it is written, and what became of its rows.

    `counts`: `{"new", "changed", "same", "error"}` → rows. `errors`: `[{"line", "name", "errors": [text]}]`, the first
    ones. After the check they say what would be done, after the import what was.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("checked, nothing written yet")
        RUNNING = "running", _("is being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("nothing was imported")

    created = models.DateTimeField(_("created"), auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        verbose_name=_("asked by"),
        related_name="directory_imports",
    )
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), default=b"", editable=False)  # emptied when the import is done
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CHECKING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    unknown = models.JSONField(_("unknown columns"), default=list, blank=True)
    counts = models.JSONField(_("outcomes"), default=dict, blank=True)
    errors = models.JSONField(_("errors"), default=list, blank=True)
    position = models.PositiveIntegerField(
        _("rows done"), default=0
    )  # written with the rows: a resumed job goes on there
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    finished = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of customers")
        verbose_name_plural = _("imports of customers")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.name} {self.created:%Y-%m-%d %H:%M}"
