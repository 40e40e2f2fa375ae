"""Profiles: templates of settings, and the record of handing them out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models.panel_settings import PanelSettings
from astpanel.accounts.models.user import PanelUser


class Profile(PanelSettings):
    """A template of settings for a group of users. Editing it changes nobody until it is assigned."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    users: "models.ManyToManyField[PanelUser, models.Model]" = models.ManyToManyField(
        PanelUser, verbose_name=_("users"), related_name="profiles", blank=True
    )

    class Meta:
        verbose_name = _("settings profile")
        verbose_name_plural = _("settings profiles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProfileAssignment(models.Model):
    """One run of «Назначить профиль пользователям», or the undo of one: who asked, what was handed out."""

    profile = models.ForeignKey(Profile, models.SET_NULL, null=True, verbose_name=_("settings profile"))
    profile_name = models.CharField(_("profile at that time"), max_length=100, default="")
    values = models.JSONField(
        _("settings handed out"), default=dict, blank=True
    )  # as the profile was when it was asked for
    undo_of = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("undoes"), related_name="undone_by"
    )
    asked_by = models.ForeignKey(
        PanelUser, models.SET_NULL, null=True, verbose_name=_("asked by"), related_name="assignments_asked"
    )
    job = models.OneToOneField("jobs.Job", models.SET_NULL, null=True, blank=True, verbose_name=_("job"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(_("users"), default=0)
    users = models.JSONField(_("chosen users"), default=list, blank=True)  # their ids, in the order of the work
    position = models.PositiveIntegerField(_("done"), default=0)  # how many of them; written with their items
    counts = models.JSONField(_("outcomes"), default=dict, blank=True)  # outcome → users; written with their items

    class Meta:
        verbose_name = _("profile assignment")
        verbose_name_plural = _("profile assignments")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.profile_name} {self.created:%Y-%m-%d %H:%M}"


class AssignmentOutcome(models.TextChoices):
    """What became of one user."""

    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("was so already")
    KEPT = "kept", _("changed since, left as it is")  # of an undo
    FAILED = "failed", _("failed")


class ProfileAssignmentItem(models.Model):
    """One user of an assignment. Written in the same transaction as the user's settings: both, or neither.

    A user whose turn has not come has no row yet: each row is written once. The database checks no keys here, which
    would double the work of an assignment: both rows are locked or new in the transaction that writes, and Django
    keeps the rest.
    """

    assignment = models.ForeignKey(
        ProfileAssignment,
        models.CASCADE,
        verbose_name=_("profile assignment"),
        related_name="items",
        db_constraint=False,
        db_index=False,  # both indexes below begin with it
    )
    user = models.ForeignKey(
        PanelUser,
        models.SET_NULL,
        null=True,
        verbose_name=_("panel user"),
        related_name="assignment_items",
        db_constraint=False,
    )
    user_name = models.CharField(_("name"), max_length=320)  # also when the user is gone
    outcome = models.CharField(_("outcome"), max_length=16, choices=AssignmentOutcome)
    before = models.JSONField(_("settings before"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("assigned user")
        verbose_name_plural = _("assigned users")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["assignment", "user"], name="assigned_once")]
        indexes = [models.Index(fields=["assignment", "outcome"], name="assignment_outcome")]

    def __str__(self) -> str:
        return self.user_name
