"""Every admin page: shown to those who may, in both languages, with constant queries; closed to strangers."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PanelUserFactory
from tests.house.admin_pages import MODELS, OURS, make, page

pytestmark = pytest.mark.django_db
OUR_MODELS = [model for model in MODELS if model._meta.app_label in OURS]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
our_model = pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label_lower)
HOSTILE = "<script>alert(1)</script>\u202e'\""


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, last_name="Администратор"))
    return client


def test_the_models_of_the_card_are_registered() -> None:
    assert {model._meta.label for model in OUR_MODELS} == {
        "accounts.Department",
        "accounts.License",
        "accounts.PanelUser",
        "accounts.Profile",
        "accounts.ProfileAssignment",
        "api.ApiClient",
        "crm.CardLink",
        "crm.ContactInfoKind",
        "crm.ContactPerson",
        "crm.Counterparty",
        "crm.CustomerSource",
        "crm.MergeRecord",
        "crm.NumberPlacement",
        "crm.NumberingPlan",
        "crm.PendingTransfer",
        "crm.RefusedRow",
        "crm.SourceImport",
        "crm.SourceUser",
        "jobs.Job",
        "setup.AgreementAcceptance",
        "telephony.ActionLog",
        "telephony.CallRecord",
        "telephony.GatewayLease",
        "telephony.Pbx",
        "telephony.PbxCheck",
        "telephony.PhoneContact",
    }


@pytest.mark.parametrize("language", ["ru", "en"])
@every_model
def test_list_add_and_change_are_shown(admin: Client, model: type[Model], language: str) -> None:
    row = make(model) if model._meta.app_label in OURS else None
    headers = {"accept-language": language}
    assert admin.get(page(model, "changelist"), headers=headers).status_code == 200
    add = admin.get(page(model, "add"), headers=headers, follow=True)  # licences: to the page that takes files
    assert add.status_code in {200, 403}  # 403: a read-only journal
    if row is not None:
        change = admin.get(page(model, "change", row.pk), headers=headers, follow=True)  # a check has a page of its own
        assert change.status_code == 200


@our_model
def test_search_finds_or_finds_nothing_but_never_fails(admin: Client, model: type[Model]) -> None:
    make(model)
    for term in ("101", "+7 495 111-22-33", "Иванов", HOSTILE, "%", "1" * 300, "*98", "\u202e"):
        assert admin.get(page(model, "changelist"), {"q": term}).status_code == 200


@our_model
def test_as_many_queries_for_three_rows_as_for_one(admin: Client, model: type[Model]) -> None:
    def queries() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            admin.get(page(model, "changelist"))
        return [query["sql"] for query in captured.captured_queries]

    make(model)
    queries()  # content types and the like are cached by the first visit
    one = queries()
    make(model)
    make(model)
    three = queries()
    assert len(three) == len(one), "\n".join(three)


@our_model
def test_no_list_shows_a_red_cross(admin: Client, model: type[Model]) -> None:
    """What is merely not so is no error: a column says a word where there is something to say."""
    make(model)
    assert "icon-no" not in admin.get(page(model, "changelist")).content.decode()


@pytest.mark.parametrize(
    ("label", "expected"),
    [("accounts.PanelUser", 11), ("crm.Counterparty", 7), ("telephony.CallRecord", 5), ("telephony.ActionLog", 5)],
)
def test_queries_of_the_big_lists(admin: Client, label: str, expected: int) -> None:
    model = next(model for model in OUR_MODELS if model._meta.label == label)
    for _ in range(3):
        make(model)
    admin.get(page(model, "changelist"))
    with CaptureQueriesContext(connection) as captured:
        admin.get(page(model, "changelist"))
    assert len(captured) == expected, "\n".join(query["sql"] for query in captured.captured_queries)


def strangers() -> list[Any]:
    return [
        pytest.param(None, id="anonymous"),
        pytest.param({}, id="operator"),
        pytest.param({"supervisor": True}, id="supervisor"),
        pytest.param({"is_active": False, "admin": True}, id="switched-off-admin"),
    ]


@pytest.mark.parametrize("who", strangers())
@every_model
def test_strangers_are_sent_to_the_log_in(client: Client, model: type[Model], who: dict[str, Any] | None) -> None:
    row = make(model) if model._meta.app_label in OURS else None
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    pages = [page(model, name) for name in ("changelist", "add")]
    if row is not None:
        pages += [page(model, name, row.pk) for name in ("change", "delete", "history")]
    for address in [reverse("admin:index"), *pages]:
        for response in (client.get(address), client.post(address, {})):
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))


@our_model
def test_staff_without_rights_see_nothing(client: Client, model: type[Model]) -> None:
    row = make(model)
    client.force_login(PanelUserFactory(staff=True))
    assert client.get(page(model, "changelist")).status_code == 403
    assert client.post(page(model, "change", row.pk), {}).status_code == 403


@our_model
def test_staff_with_the_view_right_only_look(client: Client, model: type[Model]) -> None:
    row = make(model)
    user = PanelUserFactory(staff=True)
    right = Permission.objects.get(
        codename=f"view_{model._meta.model_name}", content_type__app_label=model._meta.app_label
    )
    user.user_permissions.add(right)
    client.force_login(user)
    assert client.get(page(model, "changelist")).status_code == 200
    assert client.get(page(model, "change", row.pk), follow=True).status_code == 200
    assert client.post(page(model, "change", row.pk), {}).status_code == 403


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("accounts.PanelUser", "last_name"),
        ("accounts.Profile", "name"),
        ("accounts.Department", "name"),
        ("accounts.License", "key_id"),
        ("crm.Counterparty", "name"),
        ("crm.ContactPerson", "name"),
        ("crm.ContactInfoKind", "name"),
        ("crm.CardLink", "name"),
        ("crm.MergeRecord", "survivor_name"),
        ("crm.NumberPlacement", "owner_name"),
        ("telephony.Pbx", "name"),
        ("telephony.CallRecord", "caller_name"),
        ("telephony.CallRecord", "caller_number"),
        ("telephony.ActionLog", "detail"),
        ("telephony.GatewayLease", "holder"),
    ],
)
def test_hostile_text_is_escaped(admin: Client, label: str, field: str) -> None:
    model = next(model for model in OUR_MODELS if model._meta.label == label)
    row = make(model, **{field: HOSTILE})
    for address in (page(model, "changelist"), page(model, "change", row.pk)):
        text = admin.get(address).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
