"""Hints and device states: who the colleagues are and whether their phones are there."""

from telephony.core.bridges import hint_changed
from telephony.core.changes import Change, ExtensionChanged
from telephony.core.names import hint_devices, is_switch, resource_of
from telephony.core.snapshot import Event
from telephony.core.state import Device, Extension, PbxState


def extensionstatus(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """ExtensionStatus: a hint's state changed, or (−1, −2) the hint was taken out of the dialplan."""
    number = event.get("Exten", "")
    try:
        status = int(event.get("Status", ""))
    except ValueError:
        return
    if status < 0:
        remove(state, number, out)
        return
    extension = state.extensions.get(number)
    hint = event.get("Hint", "")
    if extension is None or (hint and hint != extension.hint):
        extension = _define(state, extension, number, hint)
        if extension is None:
            return
    extension.status = status
    hint_changed(extension, at, out)


def _define(state: PbxState, known: Extension | None, number: str, hint: str) -> Extension | None:
    """A new hint, or a changed one. Hints that watch no phone (parking spaces, switches alone) are no colleagues."""
    names = hint_devices(hint)
    if not number or all(map(is_switch, names)):
        return known
    if known is not None:
        _unwatch(state, known)
    extension = known or Extension(number, hint, 0, (), ExtensionChanged(number), since=0.0)
    devices = []
    for name in names:
        key = name.upper()
        device = state.devices.get(key)
        if device is None:
            device = state.devices[key] = Device(name, is_switch(name))
        # The number that is also the device's own name comes first: channels of the device are its.
        if resource_of(name) == number:
            device.extensions.insert(0, extension)
        else:
            device.extensions.append(extension)
        devices.append(device)
    extension.hint, extension.devices = hint, tuple(devices)
    state.extensions[number] = extension
    state.longest_extension = max(state.longest_extension, len(number))
    return extension


def _unwatch(state: PbxState, extension: Extension) -> None:
    for device in extension.devices:
        device.extensions = [other for other in device.extensions if other is not extension]
        if not device.extensions:
            state.devices.pop(device.name.upper(), None)


def remove(state: PbxState, number: str, out: list[Change]) -> None:
    """The hint is gone: no colleague any more."""
    extension = state.extensions.pop(number, None)
    if extension is not None:
        _unwatch(state, extension)
        out.append(extension.changed)


def devicestatechange(state: PbxState, event: Event, at: float, out: list[Change]) -> None:
    """DeviceStateChange of a device that some hint watches; others (trunks, queues) do not concern us."""
    device = state.devices.get(event.get("Device", "").upper())
    if device is None:
        return
    new = event.get("State", "")
    if device.state != new:
        device.state = new
        for extension in device.extensions:
            hint_changed(extension, at, out)
