"""Reads the whole state of a PBX through its list actions."""

from telephony.ami.link import AmiLink
from telephony.core.snapshot import PbxSnapshot


async def load_snapshot(link: AmiLink) -> PbxSnapshot:
    """Six list actions at once. One that is refused (no right, no such module) is empty and named in `missing`.

    Raises ActionTimeout, LinkDown, LinkLost: then nothing is known and the link starts again.
    """
    raise NotImplementedError
