"""Every WebSocket of the portal."""

from typing import Any

from channels.routing import URLRouter
from django.urls import path

from astpanel.jobs.consumers import JobConsumer
from telephony.live.consumers import LiveConsumer

live: Any = LiveConsumer.as_asgi()  # `path` is typed for views; Channels puts ASGI applications in their place
job: Any = JobConsumer.as_asgi()
websocket_urlpatterns: Any = [path("ws/live/", live), path("ws/job/<int:job_id>/", job)]
websocket_router = URLRouter(websocket_urlpatterns)
