"""Watching a job over the WebSocket: what is sent, who may watch, when it ends."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import override_settings
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.asgi import application
from astpanel.jobs import consumers, services
from astpanel.jobs.models import Job
from tests.factories import JobFactory, PanelUserFactory
from tests.live.browser import PATIENCE, log_in

pytestmark = [
    pytest.mark.usefixtures("worker_thread"),
    pytest.mark.parametrize("private_database", ["sqlite"], indirect=True),
]
Make = Callable[..., Any]
run: Make = sync_to_async  # database work beside the loop


@pytest.fixture(autouse=True)
def quick_hash() -> Any:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


class Page:
    """One watching page."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def get(self) -> dict[str, Any]:
        """The next frame, or `{"closed": code}`."""
        message = await self.socket.receive_output(PATIENCE)
        if message["type"] == "websocket.close":
            return {"closed": message.get("code")}
        return dict(json.loads(message["text"]))

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Skip frames until one has these fields."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self.get()
                if wanted.items() <= frame.items() or "closed" in frame:
                    return frame


@pytest.fixture
async def watch() -> AsyncIterator[Callable[..., Any]]:
    """`await watch(user, job_id)` opens a page's socket; closed at the end."""
    opened: list[Any] = []

    async def open_one(user: PanelUser | None, job_id: int, origin: str = "http://localhost") -> Page:
        session = await run(log_in)(user) if user else ""
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        headers = [(b"origin", origin.encode()), (b"accept-language", b"en"), (b"cookie", cookie.encode())]
        socket = WebsocketCommunicator(application, f"/ws/job/{job_id}/", headers=headers)
        opened.append(socket)
        connected, code = await socket.connect(PATIENCE)
        if not connected:
            raise ConnectionRefusedError(code)
        return Page(socket)

    yield open_one
    for socket in opened:
        await socket.disconnect(timeout=PATIENCE)


async def test_from_waiting_to_the_end(watch: Any) -> None:
    asker = await run(PanelUserFactory)()
    job = await run(JobFactory)(asked_by=asker, url="/result/", total=4)
    page = await watch(asker, job.pk)
    first = {"id": job.pk, "state": "queued", "label": "waits for a worker", "percent": 0, "text": "0 of 4"}
    assert await page.get() == {**first, "message": "", "ended": False, "url": ""}
    mine = await run(services.claim)(job_id=job.pk, now=timezone.now())
    await run(services.progress)(mine, done=1, failed=1, message="one")
    shown = await page.until(message="one")
    assert (shown["percent"], shown["text"], shown["state"]) == (25, "1 of 4 · 1 failed", "running")
    mine.done = 4
    await run(services.finish)(mine, result={}, now=timezone.now())
    last = await page.until(ended=True)
    assert (last["percent"], last["url"], last["label"]) == (100, "/result/", "done")
    assert await page.get() == {"closed": 1000}


async def test_one_that_has_ended_is_shown_once(watch: Any) -> None:
    root = await run(PanelUserFactory)(admin=True)
    job = await run(JobFactory)(state=Job.State.FAILED, message="the office is closed")
    page = await watch(root, job.pk)
    assert (await page.get())["message"] == "the office is closed"
    assert await page.get() == {"closed": 1000}


@pytest.mark.parametrize("who", [{}, {"supervisor": True}, {"staff": True}], ids=["operator", "supervisor", "staff"])
async def test_others_are_refused(watch: Any, who: dict[str, Any]) -> None:
    job = await run(JobFactory)()
    page = await watch(await run(PanelUserFactory)(**who), job.pk)
    assert await page.get() == {"closed": consumers.JobClose.NOT_YOURS}
    nothing = await watch(await run(PanelUserFactory)(admin=True), 999)
    assert await nothing.get() == {"closed": consumers.JobClose.NOT_YOURS}


async def test_nobody_logged_in(watch: Any) -> None:
    job = await run(JobFactory)()
    page = await watch(None, job.pk)
    assert await page.get() == {"closed": consumers.JobClose.NOT_LOGGED_IN}
    with pytest.raises(ConnectionRefusedError):
        await watch(None, job.pk, origin="http://evil.example")


@pytest.mark.parametrize("loss", ["logged out", "switched off", "no superuser any more"])
async def test_rights_are_looked_at_again(watch: Any, monkeypatch: pytest.MonkeyPatch, loss: str) -> None:
    monkeypatch.setattr(consumers, "RIGHTS_EVERY", 0.0)
    root = await run(PanelUserFactory)(admin=True)
    job = await run(JobFactory)(state=Job.State.RUNNING, total=4)
    page = await watch(root, job.pk)
    assert (await page.get())["state"] == "running"
    change = {
        "logged out": Session.objects.all().delete,
        "switched off": lambda: PanelUser.objects.update(is_active=False),
        "no superuser any more": lambda: PanelUser.objects.update(is_superuser=False),
    }[loss]
    await run(change)()
    code = consumers.JobClose.NOT_YOURS if "superuser" in loss else consumers.JobClose.NOT_LOGGED_IN
    assert await page.get() == {"closed": code}


async def test_others_go_on_when_one_leaves(watch: Any) -> None:
    """A page that is gone is forgotten, the others go on; what a browser says means nothing."""
    root = await run(PanelUserFactory)(admin=True)
    jobs = [await run(JobFactory)(state=Job.State.RUNNING, total=4) for _ in range(2)]
    pages = [await watch(root, job.pk) for job in jobs for _ in range(2)]
    for page in pages:
        await page.get()
    await pages[0].socket.disconnect(timeout=PATIENCE)
    await pages[1].socket.send_to(text_data="{}")
    await run(Job.objects.update)(done=2)
    assert [(await page.until(percent=50))["text"] for page in pages[1:]] == ["2 of 4"] * 3
