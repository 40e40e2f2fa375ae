"""`/ws/job/<id>/`: how far a job is, as JSON of `presenters.JobView`, at every change until it ends.

The socket says nothing else and hears nothing. It is closed with 1000 after the last frame, or with a code below.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from enum import IntEnum
from typing import Any, Final

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.utils import timezone, translation

from astpanel.accounts.models import PanelUser
from astpanel.jobs.models import Job
from astpanel.jobs.presenters import JobView, view_of
from astpanel.jobs.rules import may_watch
from astpanel.jobs.watching import current_watching
from telephony.live.language import language_of
from telephony.live.sessions import living_sessions

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
RIGHTS_EVERY: float = 5.0  # seconds between two looks at the watcher's rights
ENDED: Final = 1000


class JobClose(IntEnum):
    """Why the server closed the socket before the job ended. Numbers as in the live protocol."""

    NOT_LOGGED_IN = 4401
    NOT_YOURS = 4403  # also: there is no such job
    STOPPING = 4410


class JobConsumer(AsyncWebsocketConsumer):
    """One page that watches one job."""

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:  # type: ignore[override]  # the stubs narrow scope to one server's
        """Serve the socket from its opening to its end."""
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})  # first, so that the browser sees the close code
        watch = JobWatch(scope, send)
        try:
            job = await watch.admit()
            if job is not None:
                current_watching().add(watch.job_id, watch.told)
                await watch.show(job)
            while (await receive())["type"] != "websocket.disconnect":
                pass  # nothing that a browser says means anything here
        except asyncio.CancelledError:
            await watch.close(JobClose.STOPPING)
            raise
        finally:
            current_watching().remove(watch.told)
            watch.closed = True


class JobWatch:
    """What the page was shown last, and whether it may still be shown more."""

    def __init__(self, scope: MutableMapping[str, Any], send: Send) -> None:
        self._user, self._session, self._send = scope["user"], scope["session"], send
        self.job_id = int(scope["url_route"]["kwargs"]["job_id"])
        self.told = self._told  # one bound method: it is the key of the watching
        self._language = language_of(scope)
        self._shown: JobView | None = None
        self._checked = time.monotonic()
        self.closed = False

    async def admit(self) -> Job | None:
        """The job, or None after closing."""
        if not self._user.is_authenticated or not self._session.session_key:
            await self.close(JobClose.NOT_LOGGED_IN)
            return None
        return await self._check()

    async def _check(self) -> Job | None:
        key = (self._session.session_key, self._user.pk)
        user, job = await database_sync_to_async(_read)(key, self.job_id)
        if user is None:
            await self.close(JobClose.NOT_LOGGED_IN)
        elif job is None or not may_watch(user, job):
            await self.close(JobClose.NOT_YOURS)
        else:
            return job
        return None

    async def _told(self, job: Job | None) -> None:
        if time.monotonic() - self._checked >= RIGHTS_EVERY:
            self._checked = time.monotonic()
            job = await self._check()
        elif job is None:
            await self.close(JobClose.NOT_YOURS)
        if job is not None:
            await self.show(job)

    async def show(self, job: Job) -> None:
        """Send what differs from what was sent last."""
        with translation.override(self._language):
            view = view_of(job, now=timezone.now())
        if self.closed or view == self._shown:
            return
        self._shown = view
        await self._send({"type": "websocket.send", "text": json.dumps(view.as_dict())})
        if view.ended:
            await self.close(ENDED)

    async def close(self, code: int) -> None:
        """End it, once."""
        if not self.closed:
            self.closed = True
            current_watching().remove(self.told)
            await self._send({"type": "websocket.close", "code": int(code)})


def _read(key: tuple[str, int], job_id: int) -> tuple[PanelUser | None, Job | None]:
    """Whoever the session still belongs to (active), and the job; four queries."""
    alive = living_sessions([key])
    user = PanelUser.objects.filter(pk=key[1], is_active=True).first() if alive else None
    return user, Job.objects.defer("args", "result").filter(pk=job_id).first()
