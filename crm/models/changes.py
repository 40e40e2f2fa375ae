"""That something in the directory has changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DirectoryChange(models.Model):
    """One row for each transaction that changed what a number is shown as. Only added and pruned (crm/changes.py).

    Caches in other processes compare count, sum and greatest id of the rows: a transaction that commits late changes
    them too, and no writer waits for another.
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("change of the directory")
        verbose_name_plural = _("changes of the directory")

    def __str__(self) -> str:
        return f"{self.pk}"
