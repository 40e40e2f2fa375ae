"""`{% audit_url opts original as url %}`: the journal of changes of one object, for its page in the admin."""

from typing import Any
from urllib.parse import urlencode

from auditlog.registry import auditlog
from django import template
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def audit_url(context: Any, opts: Any, original: Any) -> str:
    """Empty when changes of such objects are not kept, or the reader may not see them."""
    request = context.get("request")
    if not auditlog.contains(opts.model) or request is None or not request.user.has_perm("auditlog.view_logentry"):
        return ""
    kind = ContentType.objects.get_for_model(opts.model)
    query = urlencode({"content_type__id__exact": kind.pk, "object_pk__exact": original.pk})
    return f"{reverse('admin:auditlog_logentry_changelist')}?{query}"
