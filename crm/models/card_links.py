"""Links from a customer's card into other systems."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CardLink(models.Model):
    """A link on the card: `https://crm.example/find/{e164}`. Placeholders and their checks: crm/card_links.py."""

    name = models.CharField(_("name"), max_length=100)
    template = models.CharField(_("address"), max_length=500)
    enabled = models.BooleanField(_("enabled"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("link on the card")
        verbose_name_plural = _("links on the card")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
