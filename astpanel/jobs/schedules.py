"""What runs by the clock: apps name it at start, the workers see to it that django-q's table has it, once."""

import logging
from typing import Any, Final

from django.db import DatabaseError, transaction
from django_q.models import Schedule

log = logging.getLogger(__name__)
_wanted: Final[dict[str, dict[str, Any]]] = {}


def schedule(*, name: str, function: str, minutes: int | None = None, cron: str = "") -> None:
    """Call from AppConfig.ready or a `tasks` module: `function` (dotted path) every so many minutes, or by cron."""
    kind = {"schedule_type": Schedule.MINUTES, "minutes": minutes} if minutes else {}
    by_cron = {"schedule_type": Schedule.CRON, "cron": cron} if cron else {}
    _wanted[name] = {"func": function, **kind, **by_cron}


def ensure(**_: Any) -> None:
    """Every wanted schedule is in the table exactly once and says what it should; when it runs next is left alone."""
    try:
        for name, values in _wanted.items():
            with transaction.atomic():
                rows = Schedule.objects.filter(name=name).order_by("id")
                first = rows.first() or Schedule.objects.create(name=name, **values)
                rows.exclude(pk=first.pk).delete()
                rows.filter(pk=first.pk).exclude(**values).update(**values)
    except DatabaseError:
        log.exception("the schedules could not be looked at; the next worker tries again")
