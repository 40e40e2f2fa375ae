"""A sign of life from a function that is busy and silent."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DatabaseError, connection

from astpanel.jobs import services
from astpanel.jobs.models import Job

EVERY: Final = 10.0  # seconds

log = logging.getLogger(__name__)


@contextmanager
def beating(job: Job, *, every: float = EVERY) -> Iterator[None]:
    """While the block runs, a thread with a connection of its own keeps the job's row fresh."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, over, every), name=f"job-{job.pk}-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(job: Job, over: threading.Event, every: float) -> None:
    try:
        while not over.wait(every):
            try:
                services.beat(job)
            except DatabaseError:  # away or busy: the next beat may find it; the function notices by itself
                log.warning("job %d: no sign of life could be written", job.pk, exc_info=True)
                connection.close()
    except services.JobLostError:
        log.warning("job %d was taken over by another worker", job.pk)
    finally:
        connection.close()
