"""Work that a django-q worker does and a page watches."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work: who asked, how far it is, how it ended. The row is the truth a page shows.

    `function` is called in a worker with the job as its only argument, and called again from the start when the worker
    died: it must take up where its own rows say it was.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waits for a worker")
        RUNNING = "running", _("runs")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=40)  # "assign_profile", "pbx_check", "import_users", …
    title = models.CharField(_("title"), max_length=250)
    function = models.CharField(max_length=200, editable=False)  # dotted path
    args = models.JSONField(_("arguments"), default=dict, blank=True)  # ids only: secrets and rows stay in their tables
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("asked by"), related_name="+"
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField(_("of"), default=0)  # 0: unknown
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    message = models.CharField(_("message"), max_length=500, blank=True)  # what it does now, or why it failed
    result = models.JSONField(_("result"), default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)  # the page that shows the result
    language = models.CharField(max_length=10, blank=True, editable=False)  # of whoever asked: messages speak it
    created = models.DateTimeField(_("created"), auto_now_add=True)
    started = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)  # also the fence: a claim is worth its number

    written_at = 0.0  # monotonic seconds of this object's last progress in the database; no column

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created"]
        indexes = [models.Index(fields=["state", "heartbeat"], name="job_alive")]

    def __str__(self) -> str:
        return self.title
