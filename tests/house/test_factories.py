"""Every model of ours has a factory whose product is valid and can be made again."""

import pytest
from django.apps import apps
from factory.django import DjangoModelFactory

from astpanel.accounts.models import PanelUser
from tests import factories

OURS = {"accounts", "api", "crm", "jobs", "setup", "telephony", "supervisor"}
FACTORIES: dict[str, type[DjangoModelFactory]] = {
    name: value
    for name, value in vars(factories).items()
    if isinstance(value, type) and issubclass(value, DjangoModelFactory) and value is not DjangoModelFactory
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(FACTORIES))
def test_makes_three_valid_rows(name: str) -> None:
    for row in FACTORIES[name].create_batch(3):
        row.refresh_from_db()
        row.full_clean()


def test_no_model_is_without() -> None:
    ours = {model.__name__ for model in apps.get_models() if model._meta.app_label in OURS}
    assert {factory._meta.model.__name__ for factory in FACTORIES.values()} == ours


def test_traits_of_a_user() -> None:
    user = factories.PanelUserFactory(number="101", mobile="8 916 222-33-44", supervisor=True)
    assert isinstance(user, PanelUser)
    rows = user.contact_info.values_list("type", "value", "e164", "is_main").order_by("id")
    assert list(rows) == [("internal", "101", "101", True), ("phone", "8 916 222-33-44", "+79162223344", False)]
    assert user.has_perm("accounts.supervise")
    assert user.check_password(factories.PASSWORD)


def test_participants_of_a_call() -> None:
    call = factories.CallRecordFactory(participants=("+74951112233", "101", "102"))
    rows = call.participants.values_list("position", "number", "role", "is_extension")
    assert list(rows) == [
        (0, "+74951112233", "caller", False),
        (1, "101", "callee", True),
        (2, "102", "callee", True),
    ]
