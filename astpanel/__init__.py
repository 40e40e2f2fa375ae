"""astpanel: a telephony portal over an Asterisk PBX."""

from typing import Final

VERSION: Final = "0.1.0"  # as in pyproject.toml; licence keys are for versions up to theirs
