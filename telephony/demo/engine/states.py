"""Who is told when a device changes: the device state, the hints that use it, the queues whose member it is."""

from collections.abc import Callable
from dataclasses import dataclass

from telephony.demo.engine.device import EXTENSION_STATUS, Device, aggregate
from telephony.demo.engine.events import Headers

Emit = Callable[[str, Headers], None]


@dataclass(slots=True)
class Hint:
    """`exten => 101,hint,PJSIP/101&Custom:DND101`."""

    exten: str
    devices: tuple[str, ...]
    context: str = "hints"
    told: str = ""

    def headers(self, state: str) -> Headers:
        """ExtensionStatus without its frame."""
        status, text = EXTENSION_STATUS[state]
        return [
            ("Exten", self.exten),
            ("Context", self.context),
            ("Hint", "&".join(self.devices)),
            ("Status", str(status)),
            ("StatusText", text),
        ]


class States:
    """All devices, custom states and hints of the PBX."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.devices: dict[str, Device] = {}
        self.custom: dict[str, str] = {}  # Custom:DND101 → BUSY
        self.hints: dict[str, Hint] = {}
        self._hints_of: dict[str, list[Hint]] = {}
        self._watchers: dict[str, list[Callable[[str], None]]] = {}

    def add_device(self, device: Device) -> None:
        """A device of pjsip.conf; nothing is told about it yet."""
        self.devices[device.name] = device
        device.told = device.state()

    def add_hint(self, hint: Hint) -> None:
        """A hint of extensions.conf."""
        self.hints[hint.exten] = hint
        for name in hint.devices:
            self._hints_of.setdefault(name, []).append(hint)
        hint.told = self.hint_state(hint)

    def watch(self, device_name: str, watcher: Callable[[str], None]) -> None:
        """Call `watcher` with each new state of the device (queue members)."""
        self._watchers.setdefault(device_name, []).append(watcher)

    def unwatch(self, device_name: str, watcher: Callable[[str], None]) -> None:
        """No longer."""
        self._watchers[device_name].remove(watcher)

    def state_of(self, name: str) -> str:
        """State of a device, of a Custom: one, or UNKNOWN."""
        device = self.devices.get(name)
        return device.state() if device else self.custom.get(name, "UNKNOWN" if name.startswith("Custom:") else "")

    def hint_state(self, hint: Hint) -> str:
        """The devices of a hint as one state."""
        return aggregate([self.state_of(name) or "INVALID" for name in hint.devices])

    def device_changed(self, device: Device) -> None:
        """Tell what is new; nothing if nothing is."""
        state = device.state()
        if state != device.told:
            device.told = state
            self._tell(device.name, state)

    def set_custom(self, name: str, state: str) -> None:
        """`Setvar DEVICE_STATE(Custom:DND101)=BUSY`."""
        self.custom[name] = state
        self._tell(name, state)

    def announce(self, name: str, state: str) -> None:
        """The state of something that is no endpoint: park:801@parkedcalls."""
        self._emit("DeviceStateChange", [("Device", name), ("State", state)])

    def _tell(self, name: str, state: str) -> None:
        for hint in self._hints_of.get(name, ()):
            total = self.hint_state(hint)
            if total != hint.told:
                hint.told = total
                self._emit("ExtensionStatus", hint.headers(total))
        self.announce(name, state)
        for watcher in self._watchers.get(name, ()):
            watcher(state)
