"""Tokens of other systems: made of 256 random bits, kept as a digest. Pure."""

import hashlib
import secrets
from typing import Final, NamedTuple

START: Final = "ap_"
PREFIX: Final = 12  # characters by which a token is found and recognised: `ap_` and nine more, of 46
LONGEST: Final = 128


class NewToken(NamedTuple):
    """`token` is shown once and stored nowhere."""

    token: str
    prefix: str
    digest: str


def new_token() -> NewToken:
    """A token nobody can guess; its digest needs no salt and no slow hash for that reason."""
    token = START + secrets.token_urlsafe(32)
    return NewToken(token, token[:PREFIX], digest_of(token))


def digest_of(token: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(token: str, digest: str) -> bool:
    """In a time that tells nothing of the digest."""
    return secrets.compare_digest(digest_of(token), digest)


def prefix_of(token: str) -> str:
    """What to look for; empty for what cannot be a token."""
    return token[:PREFIX] if token.startswith(START) and PREFIX < len(token) <= LONGEST and token.isascii() else ""
