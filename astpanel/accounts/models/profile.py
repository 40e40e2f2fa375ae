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
    """One run of «Назначить профиль пользователям»: who asked, and what the users had before (for undo)."""

    profile = models.ForeignKey(Profile, models.SET_NULL, null=True, verbose_name=_("settings profile"))
    asked_by = models.ForeignKey(
        PanelUser, models.SET_NULL, null=True, verbose_name=_("asked by"), related_name="assignments_asked"
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(_("users"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    before = models.JSONField(_("values before"), default=dict, blank=True)

    class Meta:
        verbose_name = _("profile assignment")
        verbose_name_plural = _("profile assignments")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.profile or '—'} {self.created:%Y-%m-%d %H:%M}"
