"""What runs by the clock: apps name it at start, the workers see to it that django-q's table has it, once."""

import logging
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

log = logging.getLogger(__name__)
_wanted: Final[dict[str, dict[str, Any]]] = {}
_first_at: Final[dict[str, time]] = {}  # of daily ones: django-q adds a day each time


def schedule(*, name: str, function: str, minutes: int | None = None, daily_at: time | None = None) -> None:
    """Call from AppConfig.ready or a `tasks` module: `function` (dotted path) every so many minutes, or once a day.

    `daily_at` is the installation's own time. (A cron expression would need a library more.)
    """
    often = {"schedule_type": Schedule.MINUTES, "minutes": minutes} if minutes else {}
    daily = {"schedule_type": Schedule.DAILY} if daily_at else {}
    _wanted[name] = {"func": function, **often, **daily}
    if daily_at:
        _first_at[name] = daily_at


def ensure(**_: Any) -> None:
    """Every wanted schedule is in the table exactly once and says what it should; when it runs next is left alone."""
    try:
        for name, values in _wanted.items():
            with transaction.atomic():
                rows = Schedule.objects.filter(name=name).order_by("id")
                first = rows.first() or Schedule.objects.create(name=name, **values, **_first_run(name))
                rows.exclude(pk=first.pk).delete()
                rows.filter(pk=first.pk).exclude(**values).update(**values)
    except Exception:  # a worker that fails here would be started again and again and never work
        log.exception("the schedules could not be looked at; the next worker tries again")


def _first_run(name: str) -> dict[str, datetime]:
    """The next time that it is so late; others run at once."""
    at = _first_at.get(name)
    if at is None:
        return {}
    now = timezone.localtime()
    today = timezone.make_aware(datetime.combine(now.date(), at))
    return {"next_run": today if today > now else today + timedelta(days=1)}
