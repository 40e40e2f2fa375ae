"""Panel users: the people of the office."""

from typing import Final

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models.panel_settings import PanelSettings
from astpanel.lib.secret_field import SecretField

SUPERVISE: Final = "accounts.supervise"  # the right behind the board, listen, whisper and barge


class Status(models.TextChoices):
    """What a user says of themselves («Статусы»); the phone's state is another thing."""

    ON_SITE = "on_site", _("On site")
    ON_MOBILE = "on_mobile", _("On mobile")
    DND = "dnd", _("Do not disturb")


class Department(models.Model):
    """A group of colleagues, as the panel and the board show them."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class PanelUser(AbstractUser, PanelSettings):
    """A person of the office: logs in, has internal numbers (ContactInfo of an internal kind) and a status."""

    patronymic = models.CharField(_("patronymic"), max_length=150, blank=True)
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, verbose_name=_("department"), related_name="users"
    )
    pbx = models.ForeignKey(
        "telephony.Pbx", models.SET_NULL, null=True, blank=True, verbose_name=_("PBX"), related_name="users"
    )
    in_use = models.BooleanField(
        _("use"), default=False, help_text=_("Takes a licence seat; only such users open the panel.")
    )
    sip_password = SecretField(_("SIP password"), blank=True, default="")
    sound_ring = models.CharField(_("sound: ringing"), max_length=200, blank=True)  # label of an audio device
    sound_output = models.CharField(_("output: voice"), max_length=200, blank=True)
    sound_input = models.CharField(_("input: microphone"), max_length=200, blank=True)
    assigned_profile = models.ForeignKey(
        "accounts.Profile",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("assigned profile"),
        related_name="assigned_users",
        db_index=False,  # a profile has a great part of the users; without it their update needs no new index entries
        help_text=_("The profile whose settings this user was given last."),
    )
    assigned_at = models.DateTimeField(_("assigned"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.ON_MOBILE)
    status_until = models.DateTimeField(_("status until"), null=True, blank=True)

    class Meta:
        verbose_name = _("panel user")
        verbose_name_plural = _("panel users")
        ordering = ["last_name", "first_name", "username"]
        permissions = [("supervise", _("Supervisor"))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def clean(self) -> None:
        """Django's user stops the chain of clean(), so the settings are asked by name."""
        super().clean()
        PanelSettings.clean(self)

    def get_full_name(self) -> str:
        """Last name first, as a Russian office lists people: «Иванов Пётр Сергеевич»."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


class Favourite(models.Model):
    """A colleague's number that a user has starred."""

    user = models.ForeignKey(PanelUser, models.CASCADE, related_name="favourites", verbose_name=_("panel user"))
    number = models.CharField(_("internal number"), max_length=32)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["user", "number"], name="favourite_once")]

    def __str__(self) -> str:
        return self.number
