"""Words of the findings about parking, queues, recordings and the web server of the PBX."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from telephony.check.words_parts import Words

FEATURES: Final[dict[str, Words]] = {
    "parking_ok": Words(_("Parking works"), _("Lots: %(lots)s.")),
    "parking_missing": Words(
        _("The PBX has no parking"),
        _("The module res_parking is not loaded: calls cannot be parked from the page."),
        _("Add the lines, and remove “noload” of this module from modules.conf if it is there."),
    ),
    "parking_no_lots": Words(
        _("The PBX has no parking lot"),
        _("Parking is loaded, but no lot is configured."),
        _("Add the lines."),
    ),
    "parking_not_dialable": Words(
        _("Phones cannot dial the parking slots of: %(lots)s"),
        _("From the context “%(context)s” nobody reaches a parked call by dialling its slot; the page can."),
        _("Add the lines to the dialplan."),
    ),
    "queues_ok": Words(_("Queues: %(queues)s")),
    "queues_none": Words(_("The PBX has no queues"), _("The board of queues stays empty.")),
    "queue_empty": Words(
        _("Nobody is a member of the queues: %(queues)s"),
        _("Their callers wait for nobody, unless members log in themselves."),
    ),
    "queue_strangers": Words(
        _("Queues have members who are no users of the portal"),
        _("%(members)s. Their calls are shown by number, and they have no panel of their own."),
        _("Create the users, or correct the members on the PBX."),
    ),
    "recording_ok": Words(
        _("Calls are recorded"),
        _("The dialplan runs MixMonitor; files are named so that they can be found: %(names)s."),
    ),
    "recording_none": Words(
        _("The dialplan records no call"),
        _("There is no MixMonitor in it: the history will have no recordings."),
        _("If calls are to be recorded, add the subroutine and call it in front of Dial() and Queue()."),
    ),
    "recording_name": Words(
        _("Recordings are named so that the portal may not find them"),
        _("The name contains neither ${UNIQUEID} nor ${LINKEDID}: %(names)s."),
        _("Name the files by ${UNIQUEID}."),
    ),
    "recordings_reachable": Words(_("Recordings can be fetched over ARI"), _("Address: %(url)s.")),
    "ari_off": Words(
        _("Recordings cannot be fetched"),
        _("The PBX's web server does not offer ARI, by which the portal fetches recordings."),
        _("Add the lines."),
    ),
    "http_off": Words(
        _("The web server of the PBX is off"),
        _("Recordings (ARI), AJAM and the softphone in the browser (WebSocket) need it."),
        _("Add the lines; let only the portal and the phones through to this port."),
    ),
    "http_unreachable": Words(
        _("The web server of the PBX cannot be reached: %(url)s"),
        _("It listens on another address, or a firewall lies between. Recordings and the softphone need it."),
        _("Check bindaddr in http.conf and the firewall."),
    ),
    "ajam_ok": Words(_("AJAM answers"), _("Address: %(url)s/rawman.")),
    "ajam_off": Words(
        _("AJAM is off"),
        _("Only needed to reach AMI through the web server; the portal is connected without it."),
        _("If you want it: add the lines."),
    ),
    "websocket_ok": Words(_("The WebSocket for browser phones answers"), _("Address: %(url)s.")),
    "websocket_off": Words(
        _("The PBX has no WebSocket for browser phones"),
        _("The softphone in the panel cannot be used."),
        _("If you want the softphone: add the lines."),
    ),
}
