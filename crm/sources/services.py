"""What is written about the source of customers."""

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import CustomerSource
from crm.sources.odata import Connection
from crm.sources.registry import BUILTIN, CONFIGURATIONS
from crm.sources.signature import Identification
from crm.sources.words import name_of


@transaction.atomic
def save_source(
    *,
    configuration: str,
    connection: Connection | None = None,
    found: Identification | None = None,
) -> CustomerSource:
    """The one system that holds the customers. Without `found` the rest of the row stays as it was.

    Raises ValidationError for a configuration that is not supported.
    """
    if configuration not in CONFIGURATIONS:
        raise ValidationError({"configuration": _("This configuration is not supported.")})
    source = CustomerSource.objects.select_for_update().order_by("id").first() or CustomerSource()
    source.configuration = configuration
    source.name = "" if configuration == BUILTIN else name_of(configuration)
    source.chosen_by_hand = found is None or found.configuration != configuration
    if connection is not None:
        source.url, source.username = connection.url, connection.username
        source.password, source.tls_verify = connection.password, connection.tls_verify
    if found is not None:
        source.verdict = CustomerSource.Verdict(found.verdict.value)
        source.evidence = {**asdict(found), "verdict": found.verdict.value}
        source.identified = timezone.now()
    source.save()
    return source
