"""Where channels hear each other."""

from dataclasses import dataclass, field

from telephony.demo.engine.channel import Channel
from telephony.demo.engine.events import UNKNOWN, Headers


@dataclass(slots=True, eq=False)
class Bridge:
    """Members in the order in which they came.

    A basic bridge dissolves when one of two leaves; a parking bridge stays.
    """

    unique_id: str
    kind: str = "basic"
    technology: str = "simple_bridge"
    creator: str = ""
    name: str = ""
    channels: list[Channel] = field(default_factory=list)

    def headers(self, prefix: str = "") -> Headers:
        """The snapshot that Asterisk puts into every event about the bridge."""
        return [
            (prefix + "BridgeUniqueid", self.unique_id),
            (prefix + "BridgeType", self.kind),
            (prefix + "BridgeTechnology", self.technology),
            (prefix + "BridgeCreator", self.creator or UNKNOWN),
            (prefix + "BridgeName", self.name or UNKNOWN),
            (prefix + "BridgeNumChannels", str(len(self.channels))),
            (prefix + "BridgeVideoSourceMode", "none"),
        ]

    def others(self, channel: Channel) -> list[Channel]:
        """Everybody else in it."""
        return [member for member in self.channels if member is not channel]
