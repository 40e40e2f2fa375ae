"""The ASGI application: pages over HTTP, the live state over WebSocket (own origin and session only)."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astpanel.settings")
http = get_asgi_application()

from astpanel.routing import websocket_router  # noqa: E402 - needs the apps to be ready
from telephony.live.socket_writer import keep_server_send  # noqa: E402 - the same

websocket = keep_server_send(AllowedHostsOriginValidator(AuthMiddlewareStack(websocket_router)))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
