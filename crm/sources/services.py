"""What is written about the source of customers."""

from dataclasses import asdict
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.services import start_job
from crm.models import CustomerSource
from crm.sources.odata import Connection
from crm.sources.registry import BUILTIN, CONFIGURATIONS
from crm.sources.selectors import connection_of, current_source, identification_of
from crm.sources.signature import Identification, Verdict
from crm.sources.words import name_of

IDENTIFY: Final = "identify_source"  # kind of the job


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
    source = _row()
    _choose(source, configuration, found)
    if connection is not None:
        _connect(source, connection)
    if found is not None:
        _note(source, found)
    source.save()
    return source


@transaction.atomic
def edit_source(*, configuration: str, connection: Connection) -> CustomerSource:
    """What an administrator types over the row: what was found at another address does not count for this one.

    Raises ValidationError for a configuration that is not supported.
    """
    source = _row()
    if connection.url != source.url:
        source.verdict, source.evidence, source.identified = CustomerSource.Verdict.NOT_ASKED, {}, None
    _choose(source, configuration, identification_of(source))
    _connect(source, connection)
    source.save()
    return source


@transaction.atomic
def note_identification(*, connection: Connection, found: Identification) -> bool:
    """What the system at `connection` answered this time → False when meanwhile another one is set up.

    The configuration stays the chosen one: what is read of the customers never changes by itself.
    """
    source = _row()
    if source.pk is None or connection_of(source) != connection:
        return False
    _note(source, found)
    if found.verdict is not Verdict.NO_ACCESS:
        source.chosen_by_hand = found.configuration != source.configuration
    source.save()
    return True


@transaction.atomic
def adopt_recognised() -> CustomerSource:
    """The configuration becomes the one that the last identification recognised.

    Raises ValidationError when it recognised none.
    """
    source = _row()
    found = identification_of(source)
    if found is None or not found.configuration:
        raise ValidationError(_("The last identification recognised no configuration."))
    _choose(source, found.configuration, found)
    source.save()
    return source


@transaction.atomic
def identify_again(*, by: Any) -> Job:
    """A worker asks the stored address once more; one that is at it already is returned. `by`: the user who asks.

    Raises ValidationError when there is no address.
    """
    source = _row()
    if not source.url:
        raise ValidationError({"url": _("There is no address to ask. Type it first.")})
    running = Job.objects.filter(kind=IDENTIFY, state__in=[Job.State.QUEUED, Job.State.RUNNING]).first()
    return running or start_job(
        kind=IDENTIFY,
        title=_("Identifying the source of customers"),
        function="crm.tasks.identify_source",
        args={},
        asked_by=by,
        url=reverse("admin:crm_customersource_changelist"),
    )


def _row() -> CustomerSource:
    """The row, locked; a new one when there is none."""
    source = current_source(for_update=True)
    return source if source is not None else CustomerSource()


def _choose(source: CustomerSource, configuration: str, found: Identification | None) -> None:
    if configuration not in CONFIGURATIONS:
        raise ValidationError({"configuration": _("This configuration is not supported.")})
    source.configuration = configuration
    source.name = "" if configuration == BUILTIN else name_of(configuration)
    source.chosen_by_hand = found is None or found.configuration != configuration


def _connect(source: CustomerSource, connection: Connection) -> None:
    source.url, source.username = connection.url, connection.username
    source.password, source.tls_verify = connection.password, connection.tls_verify


def _note(source: CustomerSource, found: Identification) -> None:
    source.verdict = CustomerSource.Verdict(found.verdict.value)
    source.evidence = {**asdict(found), "verdict": found.verdict.value}
    source.identified = timezone.now()
