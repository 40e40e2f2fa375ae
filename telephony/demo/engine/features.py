"""Keys pressed during a call: the PBX's own features (features.conf), or the choice in a voice menu."""

from typing import Final

from telephony.demo.engine.bridging import hold
from telephony.demo.engine.channel import Channel
from telephony.demo.engine.consultation import consult
from telephony.demo.engine.parking import ParkingLot
from telephony.demo.engine.pbx import Pbx
from telephony.demo.engine.transfer import blind_transfer

BLIND: Final = "#1"
ATTENDED: Final = "*2"
PARK: Final = "#72"
DIGIT_PAUSE: Final = 2.0  # transferdigittimeout: seconds after the last key


def press(pbx: Pbx, channel: Channel, digits: str, lot: ParkingLot) -> None:
    """The digits go to whoever waits for them; in a conversation they may begin a feature."""
    if channel.keys is not None:
        channel.keys.fire(digits)
        channel.keys = None
    elif digits == BLIND and channel.bridge:
        hold(pbx, channel)
        channel.keys = pbx.signal()
        channel.keys.then(lambda exten: _blind(pbx, channel, str(exten)))
    elif digits == ATTENDED and channel.bridge:
        hold(pbx, channel)
        channel.keys = pbx.signal()
        channel.keys.then(lambda exten: pbx.later(DIGIT_PAUSE, lambda: consult(pbx, channel, "internal", str(exten))))
    elif digits == PARK and channel.bridge:
        (other,) = channel.bridge.others(channel)
        lot.park(other, channel.name.rpartition("-")[0])


def _blind(pbx: Pbx, channel: Channel, exten: str) -> None:
    blind_transfer(pbx, channel, "internal", exten, external=False)
