"""Call records: one row per call (a whole chain of transfers), its participants and its legs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from telephony.models.pbx import Pbx


class CallRecord(models.Model):
    """One call as telephony.core.summary.CallSummary tells it. Key: PBX + linkedid of the chain's first channel."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("inbound")
        OUTBOUND = "outbound", _("outbound")
        INTERNAL = "internal", _("internal")

    class Disposition(models.TextChoices):
        ANSWERED = "answered", _("answered")
        MISSED = "missed", _("missed")
        ABANDONED = "abandoned", _("left the queue")
        BUSY = "busy", _("busy")
        NO_ANSWER = "no_answer", _("no answer")
        REJECTED = "rejected", _("rejected")
        UNREACHABLE = "unreachable", _("unreachable")
        CANCELLED = "cancelled", _("cancelled")
        APPLICATION = "application", _("answered by the PBX")
        INTERRUPTED = "interrupted", _("end not seen")
        IN_PROGRESS = "in_progress", _("in progress")

    pbx = models.ForeignKey(Pbx, models.PROTECT, verbose_name=_("PBX"), related_name="calls")
    linkedid = models.CharField(_("linkedid"), max_length=150)
    direction = models.CharField(_("direction"), max_length=16, choices=Direction)
    disposition = models.CharField(_("disposition"), max_length=16, choices=Disposition)
    hangup_reason = models.CharField(_("hang-up reason"), max_length=16, blank=True)
    caller_number = models.CharField(_("caller"), max_length=80, blank=True)
    caller_name = models.CharField(_("caller's name"), max_length=255, blank=True)
    called_number = models.CharField(_("called number"), max_length=80, blank=True)
    queue = models.CharField(_("queue"), max_length=128, blank=True)
    started = models.DateTimeField(_("started"))
    answered = models.DateTimeField(_("answered"), null=True, blank=True)
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    wait_seconds = models.FloatField(_("waiting, s"), default=0)
    talk_seconds = models.FloatField(_("talk, s"), default=0)
    outside_e164 = models.CharField(_("outside number"), max_length=16, blank=True)
    outside_last10 = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        verbose_name = _("call record")
        verbose_name_plural = _("call records")
        ordering = ["-started", "-id"]
        constraints = [models.UniqueConstraint(fields=["pbx", "linkedid"], name="call_once")]
        indexes = [
            models.Index(fields=["-started", "-id"], name="call_started"),
            models.Index(fields=["outside_last10", "-started"], name="call_outside"),
        ]

    def __str__(self) -> str:
        return f"{self.caller_number} → {self.called_number}"


class CallParticipant(models.Model):
    """Somebody who took part. `started` is copied from the call: history of a number is read from this table alone."""

    call = models.ForeignKey(CallRecord, models.CASCADE, related_name="participants", verbose_name=_("call record"))
    position = models.PositiveSmallIntegerField(_("position"))
    number = models.CharField(_("number"), max_length=80)
    name = models.CharField(_("name"), max_length=255, blank=True)
    is_extension = models.BooleanField(_("extension"))
    role = models.CharField(_("role"), max_length=16)
    rang = models.BooleanField(_("rang"))
    joined = models.DateTimeField(_("joined"), null=True, blank=True)
    left = models.DateTimeField(_("left"), null=True, blank=True)
    talk_seconds = models.FloatField(_("talk, s"), default=0)
    started = models.DateTimeField(_("started"))

    class Meta:
        verbose_name = _("call participant")
        verbose_name_plural = _("call participants")
        ordering = ["call", "position"]
        constraints = [models.UniqueConstraint(fields=["call", "position"], name="participant_once")]
        indexes = [models.Index(fields=["number", "-started", "-call"], name="participant_history")]

    def __str__(self) -> str:
        return self.number


class CallLeg(models.Model):
    """One channel of a call."""

    call = models.ForeignKey(CallRecord, models.CASCADE, related_name="legs", verbose_name=_("call record"))
    uniqueid = models.CharField(_("uniqueid"), max_length=150)
    channel = models.CharField(_("channel"), max_length=150)
    number = models.CharField(_("number"), max_length=80, blank=True)
    started = models.DateTimeField(_("started"))
    answered = models.DateTimeField(_("answered"), null=True, blank=True)
    ended = models.DateTimeField(_("ended"), null=True, blank=True)
    cause = models.PositiveSmallIntegerField(_("cause"), default=0)

    class Meta:
        verbose_name = _("call leg")
        verbose_name_plural = _("call legs")
        ordering = ["call", "started", "id"]
        constraints = [models.UniqueConstraint(fields=["call", "uniqueid"], name="leg_once")]
        indexes = [models.Index(fields=["uniqueid"], name="leg_uniqueid")]

    def __str__(self) -> str:
        return self.channel
