"""What somebody saw when a form was opened, as a short text. Pure."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

LENGTH: Final = 20  # of the text


def token(values: Iterable[Any]) -> str:
    """Equal for equal values; line ends count as one however a browser sends them."""
    plain = [value.replace("\r\n", "\n") if isinstance(value, str) else value for value in values]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:LENGTH]
