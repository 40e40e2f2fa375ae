"""Every WebSocket of the portal."""

from django.urls import path

from telephony.live.consumers import LiveConsumer

websocket_urlpatterns = [path("ws/live/", LiveConsumer.as_asgi())]
