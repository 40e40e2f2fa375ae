"""The ASGI application: pages over HTTP, the live state over WebSocket (own origin and session only)."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astpanel.settings")
http = get_asgi_application()

from astpanel.routing import websocket_urlpatterns  # noqa: E402 - needs the apps to be ready

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
