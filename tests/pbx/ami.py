"""A raw AMI client of the test-bed: knows nothing of the product, keeps every event in order."""

import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

Event = dict[str, str]
ANSWER_SECONDS: Final = 15.0


class Ami:
    """One logged-in connection. Events of the whole session are kept in `events`, oldest first."""

    def __init__(self, host: str, port: int, *, user: str, secret: str) -> None:
        self.events: list[tuple[float, Event]] = []
        self._answers: dict[str, Event] = {}
        self.prefix = f"bed-{uuid.uuid4().hex[:8]}-"  # of our ActionIDs: lines of our own lists
        self._count = 0
        self.closed_at: float | None = None  # when the PBX (or we) ended the connection
        self._news = threading.Condition()
        self._listeners: list[Callable[[float, Event], None]] = []
        self._socket = socket.create_connection((host, port), timeout=ANSWER_SECONDS)
        self._socket.settimeout(None)
        self._reader = threading.Thread(target=self._read, name="ami", daemon=True)
        self._reader.start()
        answer = self.do("Login", Username=user, Secret=secret)
        if answer.get("Response") != "Success":
            self.close()
            raise PermissionError(f"AMI refused {user}: {answer.get('Message')}")

    def listen(self, listener: Callable[[float, Event], None]) -> None:
        """Call `listener(at, event)` for each further event, in the reader's thread."""
        self._listeners.append(listener)

    def do(self, action: str, *, variables: tuple[str, ...] = (), **headers: str) -> Event:
        """Send one action and return its response."""
        self._count += 1
        action_id = f"{self.prefix}{self._count}"
        lines = [f"Action: {action}", f"ActionID: {action_id}", *(f"{key}: {value}" for key, value in headers.items())]
        lines += [f"Variable: {variable}" for variable in variables]
        self._socket.sendall("".join(line + "\r\n" for line in [*lines, ""]).encode())
        self._wait(lambda: action_id in self._answers, f"no answer to {action}", ANSWER_SECONDS)
        return self._answers[action_id]

    def list_action(self, action: str, **headers: str) -> list[Event]:
        """The events of a list action, without its last one."""
        action_id = f"{self.prefix}{self._count + 1}"
        if self.do(action, variables=(), **headers).get("Response") != "Success":
            return []
        self._wait(lambda: bool(self._complete(action_id)), f"{action} did not end", ANSWER_SECONDS)
        return [e for _, e in self.events if e.get("ActionID") == action_id and e.get("EventList") != "Complete"]

    def wait(self, name: str, *, seconds: float = 20.0, since: int = 0, **match: str) -> Event:
        """The first event of that name whose headers match, among those after position `since` (see `mark`)."""

        def fits(event: Event) -> bool:
            return event.get("Event") == name and all(event.get(key) == value for key, value in match.items())

        return self.wait_for(fits, f"{name} {match}", seconds=seconds, since=since)

    def wait_for(self, fits: Callable[[Event], bool], what: str, *, seconds: float = 20.0, since: int = 0) -> Event:
        """The first event after position `since` that fits."""
        found: list[Event] = []
        seen = since

        def look() -> bool:
            nonlocal seen
            while seen < len(self.events) and not found:
                if fits(self.events[seen][1]):
                    found.append(self.events[seen][1])
                seen += 1
            return bool(found)

        self._wait(look, f"no {what}", seconds)
        return found[0]

    def wait_until_no_channels(self, *, seconds: float = 20.0) -> None:
        """Ask until the PBX has no channel left."""
        end = time.monotonic() + seconds
        while channels := self.list_action("CoreShowChannels"):
            if time.monotonic() > end:
                raise TimeoutError(f"channels are left: {[c['Channel'] for c in channels]}")
            time.sleep(0.05)  # there is nothing to wait on but the next answer

    def mark(self) -> int:
        """Now, as a position among the events."""
        return len(self.events)

    def wait_closed(self, *, seconds: float) -> None:
        """Until the PBX closes the connection."""
        self._wait(lambda: self.closed_at is not None, "the PBX kept the connection", seconds, closed_is_failure=False)

    def close(self) -> None:
        """Hang up without a Logoff; the reader ends and frees the socket."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(ANSWER_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _complete(self, action_id: str) -> list[Event]:
        return [e for _, e in self.events if e.get("ActionID") == action_id and e.get("EventList") == "Complete"]

    def _wait(self, done: Callable[[], bool], what: str, seconds: float, *, closed_is_failure: bool = True) -> None:
        with self._news:
            self._news.wait_for(lambda: done() or self.closed_at is not None, timeout=seconds)
            if not done():
                raise TimeoutError(
                    what + (" (connection closed)" if self.closed_at is not None and closed_is_failure else "")
                )

    def _read(self) -> None:
        buffer = b""
        with suppress(OSError):
            while data := self._socket.recv(65536):
                buffer += data
                *blocks, buffer = buffer.split(b"\r\n\r\n")
                for block in blocks:
                    self._take(_parse(block), time.time())
        self._socket.close()
        with self._news:
            self.closed_at = time.time()
            self._news.notify_all()

    def _take(self, message: Event, at: float) -> None:
        with self._news:
            if "Response" in message:
                self._answers[message.get("ActionID", "")] = message
            else:
                self.events.append((at, message))
            self._news.notify_all()
        if "Event" in message:
            for listener in self._listeners:
                listener(at, message)


def _parse(block: bytes) -> Event:
    """Of a repeated key the first value; the banner's line is skipped."""
    message: Event = {}
    for line in block.decode(errors="replace").split("\r\n"):
        key, colon, value = line.partition(":")
        if colon and " " not in key:
            message.setdefault(key, value.removeprefix(" "))
    return message
