"""Panel users, the profiles that are templates for them, and licences."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from astpanel.lib.secret_field import SecretField


class Status(models.TextChoices):
    """What a user says of themselves («Статусы»); the phone's state is another thing."""

    ON_SITE = "on_site", _("On site")
    ON_MOBILE = "on_mobile", _("On mobile")
    DND = "dnd", _("Do not disturb")


class PanelSettings(models.Model):
    """Settings that a profile hands out and a user has: the same fields in both, copied by an assignment."""

    softphone = models.BooleanField(_("use the softphone"), default=False)
    sip_host = models.CharField(_("Asterisk address"), max_length=255, blank=True)
    sip_port = models.PositiveIntegerField(
        _("SIP port"), default=5060, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    websocket_url = models.CharField(_("WebSocket URL"), max_length=255, blank=True)
    intercept_own_clients = models.BooleanField(_("intercept calls of own clients"), default=False)
    timeout_seconds = models.PositiveSmallIntegerField(
        _("time-out, s"), default=10, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    timeout_number = models.CharField(_("number of last resort"), max_length=32, blank=True)

    class Meta:
        abstract = True


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


class Profile(PanelSettings):
    """A template of settings for a group of users. Editing it changes nobody until it is assigned."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    users: "models.ManyToManyField[PanelUser, models.Model]" = models.ManyToManyField(
        "PanelUser", verbose_name=_("users"), related_name="profiles", blank=True
    )

    class Meta:
        verbose_name = _("settings profile")
        verbose_name_plural = _("settings profiles")
        ordering = ["name"]

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
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.ON_MOBILE)
    status_until = models.DateTimeField(_("status until"), null=True, blank=True)

    class Meta:
        verbose_name = _("panel user")
        verbose_name_plural = _("panel users")
        ordering = ["last_name", "first_name", "username"]
        permissions = [("supervise", _("Supervisor"))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


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
    before = models.JSONField(_("values before"), default=dict, blank=True)

    class Meta:
        verbose_name = _("profile assignment")
        verbose_name_plural = _("profile assignments")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.profile} {self.created:%Y-%m-%d %H:%M}"


class License(models.Model):
    """A key that lets a number of users work."""

    class Kind(models.TextChoices):
        PERMANENT = "permanent", _("permanent")
        TRIAL = "trial", _("trial")

    key_id = models.CharField(_("key"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    holder = models.CharField(_("holder"), max_length=200)
    seats = models.PositiveIntegerField(_("seats"))
    issued = models.DateTimeField(_("issued"))
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    document = models.TextField(_("signed document"), blank=True)

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["-issued"]

    def __str__(self) -> str:
        return self.key_id
