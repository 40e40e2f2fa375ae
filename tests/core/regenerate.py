"""Write the expected tables again, for review: `python -m tests.core.regenerate [NAME …]` (no name: all of them)."""

import sys
from pathlib import Path

from telephony.core import recording, replay

RECORDINGS = Path(__file__).parent / "recordings"


def main(names: list[str]) -> int:
    """Prints which tables changed, so that nobody commits one unread."""
    for path in sorted(RECORDINGS.rglob("*.jsonl")):
        if names and path.stem not in names:
            continue
        with path.open(encoding="utf-8") as lines:
            text = replay.table(recording.parse(lines))
        expected = path.with_suffix(".txt")
        if not expected.exists() or expected.read_text(encoding="utf-8") != text:
            expected.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{expected.relative_to(RECORDINGS)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
