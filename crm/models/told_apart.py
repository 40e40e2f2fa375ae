"""Customers who looked like duplicates and are not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Counterparty


class NotDuplicates(models.Model):
    """«Не дубликаты»: nobody of `members` is another one of them, whatever they share. They are not proposed any more.

    A member that is merged into somebody else is followed by that one. Somebody new who shares something with them is
    no member: then all of them are proposed again.
    """

    members = models.ManyToManyField(Counterparty, verbose_name=_("customers"), related_name="told_apart")
    shared = models.CharField(_("what they share"), max_length=300)  # number or name, for people, as it was then
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("dismissed duplicates")
        verbose_name_plural = _("dismissed duplicates")
        ordering = ["-at", "-id"]
        default_permissions = ()  # whoever may merge may tell apart

    def __str__(self) -> str:
        return self.shared
