"""The first page of the admin and /healthz tell the truth."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django_q.brokers import get_broker
from django_q.models import Failure, OrmQ
from django_q.status import Stat
from pytest_django import Settings

from astpanel.health import read_health
from astpanel.health_texts import Level, LinkFacts, WorkerFacts, link_line, worker_line
from telephony.live.reasons import LINK_REASONS
from tests.factories import GatewayLeaseFactory, LicenseFactory, PanelUserFactory, PbxFactory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=5)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def workers_cache(settings: Settings, tmp_path: Path) -> None:
    """A place for heartbeats that no worker of this machine writes to."""
    place = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    settings.REDIS_URL = "redis://127.0.0.1"  # else PostgreSQL without Redis is one more finding
    settings.CACHES = {**settings.CACHES, "workers": place}


def link(expires: datetime | None = SOON, enabled: bool = True, **about: Any) -> tuple[Level, str]:
    line = link_line(LinkFacts("АТС", enabled, expires, {"link": about} if about else {}), NOW)
    assert line.title == "АТС"
    return line.level, line.text


def test_words_of_a_link() -> None:
    no_gateway = "No gateway runs for this PBX. Start one: manage.py run_gateway"
    assert link(None) == (Level.ERROR, no_gateway)
    assert link(NOW) == (Level.ERROR, no_gateway)
    assert link(enabled=False) == (Level.OFF, "Switched off.")
    assert link() == (Level.WARNING, "The gateway runs and has not reported yet.")
    assert link(state="up", data_at=NOW.timestamp() - 0.3) == (Level.OK, "Live, the data is 0.3 s old.")
    assert link(state="up", data_at=NOW.timestamp() - 65) == (
        Level.WARNING,
        "Connected, but the PBX has been silent for 65 s.",
    )
    assert link(state="denied") == (
        Level.ERROR,
        "The PBX refuses the log-in: check the AMI log-in and password.",
    )
    assert link(state="up", data_at=NOW.timestamp(), missing=["QueueStatus", "ParkedCalls"]) == (
        Level.WARNING,
        "Live, the data is 0.0 s old. The AMI account has no right to: QueueStatus, ParkedCalls.",
    )
    denied = LINK_REASONS["denied"]
    assert link(state="up", data_at=NOW.timestamp(), missing=["park"], commands="denied") == (
        Level.ERROR,
        "Live, the data is 0.0 s old. Commands are refused: the AMI account for commands is not logged in. "
        f"{denied.what} {denied.act}",
    )
    reason = LINK_REASONS["refused"]
    assert link(state="down", reason="refused") == (
        Level.ERROR,
        f"The link is lost; the gateway keeps trying. {reason.what} {reason.act}",
    )
    assert link(state="down", reason="<b>") == (Level.ERROR, "The link is lost; the gateway keeps trying.")


def test_words_of_the_worker() -> None:
    lines = [worker_line(WorkerFacts(*facts)) for facts in [(0, 0, 0), (0, 0, 2), (1, 2, 0), (1, 2, 1), (1, 2, 101)]]
    none = "No worker runs: recordings and assignments wait. Start one: manage.py qcluster"
    assert [(line.level, line.text) for line in lines] == [
        (Level.ERROR, none),
        (Level.ERROR, f"{none}. 2 tasks wait."),
        (Level.OK, "2 workers run."),
        (Level.OK, "2 workers run. 1 task waits."),
        (Level.WARNING, "2 workers run. 101 tasks wait."),
    ]


@pytest.mark.django_db
def test_the_whole_health(workers_cache: None) -> None:
    now = timezone.now()
    GatewayLeaseFactory(pbx__name="Главная", status={"link": {"state": "up", "data_at": now.timestamp()}})
    PbxFactory(name="Филиал", enabled=False)
    LicenseFactory(seats=5)
    PanelUserFactory(number="101")
    PanelUserFactory()
    OrmQ.objects.create(key="astpanel", payload="x")
    Failure.objects.create(id="a" * 32, name="a", func="f", started=now, stopped=now, success=False)
    health = read_health(now=now)
    assert [(line.title, line.level) for line in health.lines] == [
        ("Главная", Level.OK),
        ("Филиал", Level.OFF),
        ("Licence", Level.OK),
        ("Worker", Level.ERROR),
        ("Users", Level.WARNING),
        ("Worker", Level.WARNING),
    ]
    assert [line.text for line in health.findings] == [
        "1 user is in use and has no internal number.",
        "1 task failed within a day.",
    ]
    assert health.level == Level.ERROR


@pytest.mark.django_db
def test_a_heartbeat_is_seen(workers_cache: None) -> None:
    """As a cluster leaves it: another process would read the same files."""
    sentinel = SimpleNamespace(
        parent_pid=1, pid=2, cluster_id="c1", broker=get_broker(), tob=timezone.now(), reincarnations=0, monitor=None
    )
    sentinel.__dict__.update(status=lambda: "Idle", pusher=None, pool=[SimpleNamespace(pid=3), SimpleNamespace(pid=4)])
    sentinel.__dict__.update(result_queue=SimpleNamespace(qsize=int), task_queue=SimpleNamespace(qsize=int))
    Stat(sentinel).save()
    assert (read_health(now=NOW).worker.level, read_health(now=NOW).worker.text) == (Level.OK, "2 workers run.")


@pytest.mark.django_db
def test_the_first_page_shows_health_then_the_sections(client: Client) -> None:
    client.force_login(PanelUserFactory(admin=True, number="100"))
    GatewayLeaseFactory(pbx__name="<b>АТС</b>")
    response = client.get(reverse("admin:index"), headers={"accept-language": "en"})
    text = response.content.decode()
    assert text.index("&lt;b&gt;АТС&lt;/b&gt;") < text.index("The gateway runs") < text.index("section-0")
    names = [str(app["name"]) for app in response.context["app_list"]]
    assert names == [
        *("Users", "Profiles", "Licences", "Customers", "PBX"),
        *("Journal", "Background tasks", "Other systems", "Log-ins"),
    ]
    shown = [model["object_name"] for app in response.context["app_list"] for model in app["models"]]
    assert len(shown) == len(set(shown))
    assert shown[:3] == ["PanelUser", "Department", "Group"]


@pytest.mark.django_db
def test_as_many_queries_for_three_pbxs_as_for_one(client: Client) -> None:
    client.force_login(PanelUserFactory(admin=True))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:index"))
        return len(captured)

    GatewayLeaseFactory()
    queries()
    one = queries()
    GatewayLeaseFactory.create_batch(2)
    assert (one, queries()) == (13, 13)


@pytest.mark.django_db
def test_healthz_of_a_portal_that_works(client: Client) -> None:
    now = timezone.now()
    held = GatewayLeaseFactory(
        expires=now + timedelta(minutes=1), status={"link": {"state": "up", "data_at": now.timestamp() + 60}}
    )
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "layer": "ok",
        "gateways": [{"pbx": held.pbx_id, "lease": "held", "data_age": 0.0}],
    }


@pytest.mark.django_db
def test_healthz_without_gateways_is_degraded_but_serves(client: Client) -> None:
    expired = GatewayLeaseFactory(expires=timezone.now() - timedelta(seconds=1))
    never = PbxFactory()
    PbxFactory(enabled=False)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["gateways"] == [
        {"pbx": expired.pbx_id, "lease": "expired", "data_age": None},
        {"pbx": never.pk, "lease": "none", "data_age": None},
    ]


@pytest.mark.django_db
def test_healthz_says_503_when_the_layer_is_away(client: Client, settings: Settings) -> None:
    unreachable = {"hosts": ["redis://127.0.0.1:1"]}
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": unreachable}
    }
    response = client.get("/healthz")
    assert (response.status_code, response.json()["layer"], response.json()["database"]) == (503, "failed", "ok")
