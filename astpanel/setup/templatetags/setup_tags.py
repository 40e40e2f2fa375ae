"""The assistant's card on the first page of the admin."""

from typing import Any

from django import template

from astpanel.setup import selectors
from astpanel.setup.views import RIGHT

register = template.Library()


@register.inclusion_tag("setup/card.html", takes_context=True)
def setup_card(context: dict[str, Any]) -> dict[str, Any]:
    """How far the assistant is; nothing for those who may not open it."""
    user = context["request"].user
    return {"progress": selectors.progress() if user.has_perm(RIGHT) else None}
