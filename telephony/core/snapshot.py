"""The PBX's whole truth at one moment, as the list actions gave it: what login and reconciliation feed the reducer."""

from dataclasses import dataclass

Event = dict[str, str]
"""One AMI message. Keys as on the wire (`Event`, `Uniqueid`, …); of a repeated key the first value."""


@dataclass(frozen=True, slots=True)
class PbxSnapshot:
    """Events of the list actions, in the order they came, without the Complete line."""

    hints: tuple[Event, ...] = ()  # ExtensionStateList → ExtensionStatus
    channels: tuple[Event, ...] = ()  # CoreShowChannels → CoreShowChannel (carries BridgeId and Linkedid)
    bridges: tuple[Event, ...] = ()  # BridgeList → BridgeListItem
    queues: tuple[Event, ...] = ()  # QueueStatus → QueueParams, QueueMember, QueueEntry
    parked: tuple[Event, ...] = ()  # ParkedCalls → ParkedCall
    devices: tuple[Event, ...] = ()  # DeviceStateList → DeviceStateChange
    missing: tuple[str, ...] = ()  # list actions that were refused (no right, module not loaded): empty for that reason
