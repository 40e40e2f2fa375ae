"""What the live edge counts, for /metrics."""

from prometheus_client import Counter, Gauge

SOCKETS = Gauge("astpanel_live_sockets", "Open WebSockets of this process")
BAD_MESSAGES = Counter("astpanel_live_bad_messages_total", "Messages from browsers that were refused", ["reason"])
BAD_LAYER_MESSAGES = Counter("astpanel_live_bad_layer_messages_total", "Layer messages that made no sense", ["type"])
BEHIND = Counter("astpanel_live_behind_total", "Times a browser fell behind and was given a fresh snapshot")
SNAPSHOTS_ASKED = Counter("astpanel_live_snapshots_asked_total", "Snapshots asked of gateways", ["pbx"])
REVOKED = Counter("astpanel_live_revoked_total", "Audiences and sockets taken away after a right was lost", ["reason"])
COMMANDS = Counter("astpanel_live_commands_total", "Commands by what became of them", ["name", "kind"])
