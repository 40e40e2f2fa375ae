"""The settings that a profile hands out and a user has."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

dialable = RegexValidator(r"\A[0-9*#+]{1,32}\Z", _("Only digits, *, # and + can be dialled."))


class CardOpens(models.TextChoices):
    """When the card of a caller opens by itself."""

    RINGING = "ringing", _("when it rings")
    ANSWERED = "answered", _("when the call is answered")
    BY_HAND = "by_hand", _("by hand only")


class PanelSettings(models.Model):
    """Settings that a profile hands out and a user has: the same fields in both, copied by an assignment."""

    softphone = models.BooleanField(_("use the softphone"), default=False)
    sip_host = models.CharField(_("Asterisk address"), max_length=255, blank=True)
    sip_port = models.PositiveIntegerField(
        _("SIP port"), default=5060, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    websocket_url = models.CharField(
        _("WebSocket URL"), max_length=255, blank=True, validators=[URLValidator(schemes=["ws", "wss"])]
    )
    intercept_own_clients = models.BooleanField(_("intercept calls of own clients"), default=False)
    timeout_seconds = models.PositiveSmallIntegerField(
        _("time-out, s"), default=10, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    timeout_number = models.CharField(
        _("number of last resort"),
        max_length=32,
        blank=True,
        validators=[dialable],
        help_text=_("An extension or a queue: an unanswered call goes there and is not lost."),
    )
    timeout_kind = models.ForeignKey(
        "crm.ContactInfoKind",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("or contact information of the kind"),
        related_name="+",
        limit_choices_to={"owner": "user", "type": "phone"},
    )
    card_opens = models.CharField(
        _("the caller's card opens"), max_length=16, choices=CardOpens, default=CardOpens.RINGING
    )
    may_add_numbers = models.BooleanField(_("the user may add numbers to customers"), default=True)
    may_edit_customers = models.BooleanField(_("the user may edit the cards of customers"), default=False)
    may_change_sip_password = models.BooleanField(_("the user may change the SIP password"), default=True)
    may_change_interception = models.BooleanField(_("the user may switch interception on and off"), default=True)
    may_change_softphone = models.BooleanField(_("the user may switch the softphone on and off"), default=True)
    may_change_audio = models.BooleanField(_("the user may choose the audio devices"), default=True)

    may_change_card = models.BooleanField(_("the user may choose when the caller's card opens"), default=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A call has one last resort, so that nobody has to guess which."""
        super().clean()
        if self.timeout_number and self.timeout_kind_id is not None:
            text = _("Choose a number or a kind of contact information, not both.")
            raise ValidationError({"timeout_number": text})
