"""What the panel's page says of the licence: a line above it in the grace time, a page in its place when closed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from astpanel.accounts.licensing.verify import GRACE
from astpanel.accounts.models import Installation, PanelUser
from tests.factories import InstallationFactory, LicenseFactory, PanelUserFactory, PbxFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def operator() -> PanelUser:
    InstallationFactory()
    Installation.objects.update(created=timezone.now() - 400 * DAY)
    return PanelUserFactory(number="101", pbx=PbxFactory())


def get(user: PanelUser, page: str = "panel") -> tuple[int, str]:
    browser = Client()
    browser.force_login(user)
    answer = browser.get(reverse(page), headers={"accept-language": "en"})
    return answer.status_code, answer.content.decode()


def ended(ago: timedelta) -> None:
    end = timezone.now().replace(microsecond=0) - ago
    LicenseFactory(issued=end - 99 * DAY, expires=end)


def test_nothing_is_said_while_all_is_well(operator: PanelUser) -> None:
    LicenseFactory()
    status, text = get(operator)
    assert (status, "licence-notice" in text) == (200, False)


def test_a_line_in_the_grace_time_with_a_way_for_administrators(operator: PanelUser) -> None:
    ended(DAY)
    status, text = get(operator)
    assert (status, text.count("licence-notice"), "The panel works until" in text) == (200, 1, True)
    assert reverse("admin:accounts_license_changelist") not in text
    assert reverse("admin:accounts_license_changelist") in get(PanelUserFactory(admin=True, number="102"))[1]


def test_closed_it_says_why_and_a_new_key_opens_it(operator: PanelUser) -> None:
    ended(GRACE + DAY)
    status, text = get(operator)
    assert (status, "The panel is closed: no licence key is valid" in text, "The licence ended on" in text) == (
        403,
        True,
        True,
    )
    assert "Telephones go on working" in text
    assert [get(operator, page)[0] for page in ("recent", "people")] == [403, 403]
    admin = PanelUserFactory(admin=True)
    assert get(admin, "admin:index")[0] == 200  # the administration never closes
    LicenseFactory()
    assert [get(operator, page)[0] for page in ("panel", "recent", "people")] == [200, 200, 200]


def test_without_a_seat(operator: PanelUser) -> None:
    LicenseFactory(seats=1)
    late = PanelUserFactory(number="102")
    assert get(operator)[0] == 200
    status, text = get(late)
    assert (status, "No licence seat is left for you" in text) == (403, True)
    assert "Users in use: 2, seats of the licence keys: 1." in text


def test_the_licence_costs_a_page_nothing_within_a_minute(
    operator: PanelUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from telephony.facts import load_facts  # noqa: PLC0415 - beside what it is about

    LicenseFactory()
    load_facts([operator.pk])
    with django_assert_num_queries(4):
        load_facts([operator.pk])
