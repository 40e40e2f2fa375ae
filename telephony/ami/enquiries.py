"""Actions that only ask: what the PBX check wants to know beyond the state of calls."""

from telephony.ami.actions import Action


def show_dialplan() -> Action:
    """ListDialplan events: every context, extension, priority and include. write=config or reporting."""
    return Action("ShowDialPlan")


def extension_state(extension: str, context: str) -> Action:
    """`Hint` and `Status` of one extension; asking makes Asterisk fill in a pattern hint. write=call or reporting."""
    return Action("ExtensionState", (("Exten", extension), ("Context", context)))


def sip_peers() -> Action:
    """PeerEntry events of chan_sip: ObjectName, IPaddress, Status. write=system or reporting."""
    return Action("SIPpeers")


def sip_show_peer(peer: str) -> Action:
    """One peer of chan_sip: `SIP-Useragent`, `Reg-Contact`, `Status`. write=system or reporting."""
    return Action("SIPshowpeer", (("Peer", peer),))
