"""Customers read from another system, and what waits to be written there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.sources import CustomerSource


class SourceImport(models.Model):
    """One reading of the source of customers: full or of what has changed."""

    class Mode(models.TextChoices):
        FULL = "full", _("everything")
        CHANGES = "changes", _("what has changed")

    class State(models.TextChoices):
        RUNNING = "running", _("runs")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(CustomerSource, models.CASCADE, verbose_name=_("source"), related_name="imports")
    mode = models.CharField(_("what was read"), max_length=16, choices=Mode, default=Mode.FULL)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.RUNNING)
    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    counts = models.JSONField(
        _("outcomes"), default=dict, blank=True
    )  # {"customers"|"persons"|"numbers"|"users": {"created", "changed", "same", "gone", "refused"}}
    position = models.JSONField(_("done"), default=dict, blank=True)  # where a resumed job goes on
    problem = models.CharField(_("why it failed"), max_length=40, blank=True)  # a code: crm/sources/problems.py
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))

    class Meta:
        verbose_name = _("reading of the source")
        verbose_name_plural = _("readings of the source")
        ordering = ["-started", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state="running"), name="one_reading_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.started:%Y-%m-%d %H:%M}"


class RefusedRow(models.Model):
    """Something in the source that could not be taken over, and why (a code; words: crm/sources/refusals.py)."""

    run = models.ForeignKey(
        SourceImport, models.CASCADE, verbose_name=_("reading of the source"), related_name="refused"
    )
    entity = models.CharField(_("object"), max_length=150)
    external_ref = models.CharField(_("external reference"), max_length=64, blank=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    value = models.CharField(_("value"), max_length=255, blank=True)
    reason = models.CharField(_("why"), max_length=40)

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or self.external_ref


class SourceUser(models.Model):
    """A user of the other system, matched to one of ours: responsible managers are named by it."""

    source = models.ForeignKey(CustomerSource, models.CASCADE, verbose_name=_("source"), related_name="users")
    external_ref = models.CharField(_("external reference"), max_length=64)
    name = models.CharField(_("name"), max_length=255)
    email = models.CharField(_("e-mail"), max_length=255, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("panel user"), related_name="+"
    )
    by_hand = models.BooleanField(_("chosen by hand"), default=False)  # a reading does not change it any more
    gone = models.BooleanField(_("gone"), default=False)

    class Meta:
        verbose_name = _("user of the source")
        verbose_name_plural = _("users of the source")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["source", "external_ref"], name="source_user_once")]

    def __str__(self) -> str:
        return self.name


class PendingTransfer(models.Model):
    """A number placed here that the other system does not have yet («ждёт переноса»)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the transfer")
        DONE = "done", _("transferred")
        BY_HAND = "by_hand", _("transferred by hand")
        DROPPED = "dropped", _("not needed any more")

    source = models.ForeignKey(CustomerSource, models.CASCADE, verbose_name=_("source"), related_name="transfers")
    contact_info = models.ForeignKey(
        "crm.ContactInfo",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("contact information"),
        related_name="+",
    )
    owner_name = models.CharField(_("customer"), max_length=520)
    external_ref = models.CharField(_("external reference"), max_length=64)  # of the customer or the person
    act = models.CharField(_("act"), max_length=16, default="add")  # add, change, delete, main
    value = models.CharField(_("value"), max_length=255)
    before = models.JSONField(_("before"), default=dict, blank=True)  # external_key, kind and value that were there
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    problem = models.CharField(_("why it waits"), max_length=40, blank=True)  # a code: crm/sources/transfers/reasons.py
    detail = models.CharField(_("words of the source"), max_length=320, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+")
    created = models.DateTimeField(_("created"), auto_now_add=True)
    tried = models.DateTimeField(_("last tried"), null=True, blank=True)

    class Meta:
        verbose_name = _("number that waits for the transfer")
        verbose_name_plural = _("numbers that wait for the transfer")
        ordering = ["-created", "-id"]
        indexes = [models.Index(fields=["state", "id"], name="transfer_state")]

    def __str__(self) -> str:
        return f"{self.value} → {self.owner_name}"
