"""An AMI session without a socket: what an action answers is read from it."""

from telephony.demo.building import Building
from telephony.demo.face.accounts import Account
from telephony.demo.face.server import AmiServer
from telephony.demo.face.session import Session


class Voice:
    """One action, one answer."""

    def __init__(self, building: Building) -> None:
        server = AmiServer(building.pbx, building.plan, [])
        self.session = Session(server)
        self.session.account = Account("scenario", "")

    def answer(self) -> dict[str, str]:
        """Headers of the first message it was answered with."""
        text = b"".join(self.session.unsent()).decode()
        lines = text.partition("\r\n\r\n")[0].split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return {key: value.strip() for key, _, value in pairs}
