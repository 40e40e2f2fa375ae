"""What a table on its way into the portal is, whatever is in it: users, customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileImport(models.Model):
    """Checked and shown before it is written. `job`: of the check or of the import, when a worker does it."""

    class State(models.TextChoices):
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("checked, nothing written yet")
        RUNNING = "running", _("is being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("nothing was imported")

    created = models.DateTimeField(_("created"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CHECKING)
    unknown = models.JSONField(_("unknown columns"), default=list, blank=True)
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    finished = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True
