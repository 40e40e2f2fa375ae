"""SIP phones in a process of their own: commands in on stdin, events out on stdout, one JSON object a line.

usage: python phone_process.py SERVER_PORT OWN_PORT NUMBER:PASSWORD …

OWN_PORT 0 takes any port. A phone named `trunk` does not register: it plays the PSTN, `X-Trunk: yes` marks its calls.
A process of their own, because PJSIP has one endpoint a process, and aborts when the interpreter ends.

in    {"id": 7, "phone": "101", "do": "call", "to": "102"}       one of the methods of `Phone` below
out   {"reply": 7, "error": ""}
      {"phone": "101", "registered": 200}
      {"phone": "101", "call": 1, "state": "early", "remote": "…", "code": 180}   or calling, incoming, connecting,
                                                                      confirmed, disconnected
      {"phone": "101", "call": 1, "media": "active|local_hold|remote_hold|none"}
      {"phone": "101", "call": 1, "transfer": 200}                    how a REFER went
"""
# ruff: noqa: N802  # PJSIP names its callbacks

import json
import sys
import threading
from collections import deque
from typing import Any

import pjsua2 as pj

HOST = "127.0.0.1"
MEDIA = {
    pj.PJSUA_CALL_MEDIA_ACTIVE: "active",
    pj.PJSUA_CALL_MEDIA_LOCAL_HOLD: "local_hold",
    pj.PJSUA_CALL_MEDIA_REMOTE_HOLD: "remote_hold",
}


def emit(**event: Any) -> None:
    """One line out."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def tone_of(number: str) -> int:
    """Hz that a phone sends, so that who hears whom can be measured: 101 → 400, 102 → 500, …; the trunk 1500."""
    return 300 + 100 * (int(number) % 10) if number.isdigit() else 1500


class Call(pj.Call):  # type: ignore[misc]  # pjsua2 ships no types
    """One call of a phone, numbered from 1."""

    def __init__(self, phone: "Phone", call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone, call_id)
        self.phone = phone
        phone.count += 1
        self.index = phone.count
        phone.calls[self.index] = self

    def onCallState(self, prm: Any) -> None:
        """PJSIP: the dialog moved on."""
        info = self.getInfo()
        state = info.stateText.lower()
        emit(phone=self.phone.number, call=self.index, state=state, remote=info.remoteUri, code=info.lastStatusCode)
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.phone.ended.append(self.phone.calls.pop(self.index))

    def onCallMediaState(self, prm: Any) -> None:
        """PJSIP: sound flows, or a hold began or ended."""
        info = self.getInfo()  # keep it: `media` points into it
        for position, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                if media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                    self.phone.tone.startTransmit(self.getAudioMedia(position))
                emit(phone=self.phone.number, call=self.index, media=MEDIA.get(media.status, "none"))

    def onCallTransferStatus(self, prm: Any) -> None:
        """PJSIP: NOTIFY tells how the REFER went. Asterisk leaves the BYE of a transferred leg to the phone."""
        emit(phone=self.phone.number, call=self.index, transfer=prm.statusCode)
        if prm.finalNotify and prm.statusCode // 100 == 2:
            self.phone.todo.append(lambda: self.phone.hang_up_if_alive(self.index))

    def onCallTsxState(self, prm: Any) -> None:
        """PJSIP: a message inside the dialog. `NOTIFY` with `Event: talk` lifts the phone, as a desk phone does it."""
        if prm.e.body.tsxState.type != pj.PJSIP_EVENT_RX_MSG:
            return
        message = prm.e.body.tsxState.src.rdata.wholeMsg
        if message.startswith("NOTIFY") and "\r\nevent: talk" in message.lower():
            emit(phone=self.phone.number, call=self.index, notify="talk")
            self.phone.todo.append(lambda: self.phone.answer(call=self.index))


class Phone(pj.Account):  # type: ignore[misc]  # pjsua2 ships no types
    """One SIP account. The public methods without `on` are the commands; `call` says which call, the newest if 0."""

    def __init__(self, number: str, password: str, server: str) -> None:
        super().__init__()
        self.number, self.server = number, server
        self.calls: dict[int, Call] = {}
        # Kept for good: freeing a Call takes the callbacks away from whichever call has its PJSIP id by then.
        self.ended: list[Call] = []
        self.todo: deque[Any] = deque()
        self.count = 0
        self.tone = self._tone(tone_of(number))
        config = pj.AccountConfig()
        config.idUri = f"sip:{number}@{HOST}"
        config.mediaConfig.transportConfig.port = 0
        if number != "trunk":
            config.regConfig.registrarUri = f"sip:{server}"
            config.regConfig.registerOnAdd = False
            config.regConfig.timeoutSec = 3600
            config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", number, 0, password))
        self.create(config)

    @staticmethod
    def _tone(hertz: int) -> Any:
        generator = pj.ToneGenerator()
        generator.createToneGenerator(8000, 1)
        tones, tone = pj.ToneDescVector(), pj.ToneDesc()
        tone.freq1, tone.freq2, tone.on_msec, tone.off_msec = hertz, 0, 1000, 0
        tones.append(tone)
        generator.play(tones, True)
        return generator

    def onRegState(self, prm: Any) -> None:
        """PJSIP: the registrar answered."""
        emit(phone=self.number, registered=prm.code if self.getInfo().regIsActive else 0, code=prm.code)

    def onIncomingCall(self, prm: Any) -> None:
        """PJSIP: INVITE. The phone rings at once and waits for a command."""
        call = Call(self, prm.callId)
        dialled = prm.rdata.wholeMsg.split(" ", 2)[1].removeprefix("sip:").partition("@")[0]
        emit(phone=self.number, call=call.index, state="incoming", remote=call.getInfo().remoteUri, dialled=dialled)
        ringing = pj.CallOpParam()
        ringing.statusCode = 180
        call.answer(ringing)

    def _pick(self, index: int) -> Call:
        return self.calls[index or max(self.calls)]

    def register(self) -> None:
        self.setRegistration(True)

    def unregister(self) -> None:
        self.setRegistration(False)

    def dial(self, to: str, clid: str = "", name: str = "") -> None:
        parameters = pj.CallOpParam(True)
        if self.number == "trunk":
            header = pj.SipHeader()
            header.hName, header.hValue = "X-Trunk", "yes"
            parameters.txOption.headers.append(header)
            parameters.txOption.localUri = f'"{name}" <sip:{clid}@{HOST}>'
        Call(self).makeCall(f"sip:{to}@{self.server}", parameters)

    def answer(self, call: int = 0, code: int = 200) -> None:
        parameters = pj.CallOpParam()
        parameters.statusCode = code
        self._pick(call).answer(parameters)

    def hang_up(self, call: int = 0) -> None:
        self._pick(call).hangup(pj.CallOpParam())

    def hang_up_if_alive(self, call: int) -> None:
        if call in self.calls:
            self.hang_up(call)

    def hold(self, call: int = 0) -> None:
        self._pick(call).setHold(pj.CallOpParam())

    def unhold(self, call: int = 0) -> None:
        parameters = pj.CallOpParam(True)
        parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
        self._pick(call).reinvite(parameters)

    def blind_transfer(self, to: str, call: int = 0) -> None:
        self._pick(call).xfer(f"sip:{to}@{self.server}", pj.CallOpParam())

    def attended_transfer(self, call: int, consultation: int) -> None:
        self.calls[call].xferReplaces(self.calls[consultation], pj.CallOpParam())

    def dtmf(self, digits: str, call: int = 0) -> None:
        self._pick(call).dialDtmf(digits)


COMMANDS = {"register", "unregister", "dial", "answer", "hang_up", "hold", "unhold"}
COMMANDS |= {"blind_transfer", "attended_transfer", "dtmf"}


def start_endpoint(own_port: int) -> Any:
    """PJSIP with one UDP transport on loopback and no sound card."""
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.uaConfig.maxCalls, config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 64, 0, True
    config.medConfig.noVad, config.medConfig.sndAutoCloseTime, config.medConfig.clockRate = True, -1, 8000
    endpoint.libInit(config)
    transport = pj.TransportConfig()
    transport.port, transport.boundAddress, transport.publicAddress = own_port, HOST, HOST
    endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    return endpoint


def carry_out(phones: dict[str, Phone], command: dict[str, Any]) -> str:
    """Run one command → what went wrong, or nothing."""
    number, what = command.pop("phone"), command.pop("do")
    try:
        if what not in COMMANDS:
            return f"no command {what}"
        getattr(phones[number], what)(**command)
    except pj.Error as error:
        return str(error.info())
    except (KeyError, ValueError, TypeError) as error:
        return repr(error)
    return ""


def main(server_port: str, own_port: str, *specs: str) -> None:
    """Run until stdin ends."""
    endpoint = start_endpoint(int(own_port))
    phones = {
        number: Phone(number, secret, f"{HOST}:{server_port}") for number, secret in (s.split(":") for s in specs)
    }
    lines: deque[str] = deque()
    over = threading.Event()

    def read() -> None:
        for line in sys.stdin:
            lines.append(line)  # extend() would hold them back until the end
        over.set()

    threading.Thread(target=read, daemon=True).start()
    emit(ready=True)
    while not over.is_set() or lines:
        endpoint.libHandleEvents(10)
        while lines:
            command = json.loads(lines.popleft())
            emit(reply=command.pop("id"), error=carry_out(phones, command))
        for phone in phones.values():
            while phone.todo:
                phone.todo.popleft()()
    endpoint.libDestroy()


if __name__ == "__main__":
    main(*sys.argv[1:])
