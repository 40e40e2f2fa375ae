"""A file of users on its way into the portal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models.user import PanelUser
from astpanel.lib.file_import import FileImport


class UserImport(FileImport):
    """Rows of a file (or of the PBX), checked and shown before they are written, and what became of each.

    `outcomes` has one entry a row: `{"line", "action": new|changed|same|error, "name", "errors": [text]}`. After the
    check it says what would be done, after the import what was.
    """

    asked_by = models.ForeignKey(
        PanelUser, models.SET_NULL, null=True, verbose_name=_("asked by"), related_name="user_imports"
    )
    source = models.CharField(_("source"), max_length=200)  # the file's name, or the PBX's
    rows = models.JSONField(_("rows"), default=list, blank=True)
    outcomes = models.JSONField(_("outcomes"), default=list, blank=True)
    done = models.PositiveIntegerField(_("rows done"), default=0)  # written with the rows: a resumed job goes on there

    class Meta:
        verbose_name = _("import of users")
        verbose_name_plural = _("imports of users")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.source} {self.created:%Y-%m-%d %H:%M}"
