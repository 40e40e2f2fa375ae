"""The first line of a connection: is this an Asterisk, and if not, who is it?

Asterisk says `Asterisk Call Manager/<AMI version>` at once, before anything is asked, and ends the line with a single
CR LF: the next message follows directly. Nothing secret is sent before this line has come.
"""

from typing import Final

from telephony.ami.reasons import Reason

PREFIX: Final = b"Asterisk Call Manager/"
MAX_GREETING: Final = 256  # bytes
TLS_ALERT: Final = b"\x15\x03"  # a TLS server's answer to plain text: record type 21, version 3.x


class Greeting:
    """Collects the first line. `version` is set when it was Asterisk's, `failure` as soon as it cannot be."""

    def __init__(self) -> None:
        self.version = ""
        self.failure = Reason.NONE
        self._seen = b""

    @property
    def done(self) -> bool:
        """Nothing more to learn."""
        return bool(self.version or self.failure)

    def feed(self, data: bytes) -> bytes:
        """Take bytes until the line is whole; returns what came behind it."""
        self._seen += data
        line, end, rest = self._seen.partition(b"\n")
        if line.startswith(PREFIX) and end:
            self.version = line[len(PREFIX) :].strip().decode(errors="replace") or "?"
            return rest
        if end or len(self._seen) > MAX_GREETING or self._seen.startswith(TLS_ALERT):
            self.failure = self._judge()
        return b""

    def close(self) -> None:
        """No more bytes will come."""
        if not self.done:
            self.failure = self._judge() if self._seen else Reason.CLOSED_EARLY

    def _judge(self) -> Reason:
        if self._seen.startswith(TLS_ALERT):
            return Reason.TLS_EXPECTED
        return Reason.HTTP_SERVER if self._seen.startswith(b"HTTP/") else Reason.NOT_ASTERISK
