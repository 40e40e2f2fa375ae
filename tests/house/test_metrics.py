"""Counters are for the one who has the token."""

from django.test import Client
from pytest_django.fixtures import Settings

from telephony.live.metrics import SOCKETS


def test_nobody_sees_counters_without_a_token_in_the_settings(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_a_stranger_finds_no_such_page(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "the-right-one"

    answers = [
        client.get("/metrics").status_code,
        client.get("/metrics", headers={"authorization": "Bearer the-wrong-one"}).status_code,
        client.get("/metrics", headers={"authorization": "Bearer \u0442\u043e\u043a\u0435\u043d"}).status_code,
    ]
    assert answers == [404, 404, 404]


def test_the_monitor_reads_the_counters_of_the_live_edge(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "the-right-one"

    answer = client.get("/metrics", headers={"authorization": "Bearer the-right-one"})

    kinds = [line for line in answer.content.decode().splitlines() if line.startswith("# TYPE astpanel_live_sockets ")]
    assert [metric.name for metric in SOCKETS.describe()] == ["astpanel_live_sockets"]
    assert (answer.status_code, kinds) == (200, ["# TYPE astpanel_live_sockets gauge"])
