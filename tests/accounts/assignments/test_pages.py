"""The pages around profiles: what they show, what their buttons do, who is kept out."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from astpanel.accounts.admin.assigning import seen
from astpanel.accounts.assignments import services
from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment
from tests.accounts.assignments.office import outcomes, person, profile_of, settings_of, work
from tests.factories import PanelUserFactory, ProfileAssignmentItemFactory

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def root(client: Client) -> PanelUser:
    user: PanelUser = PanelUserFactory(admin=True, username="root")
    client.force_login(user)
    return user


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:accounts_{name}", args=args)


def text(client: Client, url: str) -> str:
    response = client.get(url, headers={"accept-language": "en"})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def names(client: Client, url: str) -> list[str]:
    return [str(row.user) for row in client.get(url).context["rows"]]


def test_from_the_differences_to_the_journal_and_back(client: Client, root: PanelUser) -> None:
    other, same = person("Орлов", sip_host="old"), person("Волков", sip_host="pbx")
    before = settings_of(other, same)
    profile = profile_of(other, same, sip_host="pbx", name="Отдел продаж")
    page = text(client, address("profile_assign", profile.pk))
    assert "<del><bdi>old</bdi></del>" in page
    assert "<ins><bdi>pbx</bdi></ins>" in page
    assert "Nothing has been changed yet." in page
    response = client.post(address("profile_assign", profile.pk), {"seen": seen(profile)})
    made = ProfileAssignment.objects.get()
    assert (response.status_code, response.url) == (302, address("profileassignment_change", made.pk))  # type: ignore[attr-defined]  # a redirect has it
    assert f'data-job="{made.job_id}"' in text(client, address("profileassignment_change", made.pk))
    assert settings_of(other, same) == before
    work(made)
    page = text(client, address("profileassignment_change", made.pk))
    assert "data-job" not in page
    assert "<del><bdi>old</bdi></del>" in page
    undo_page = address("profileassignment_undo", made.pk)
    assert undo_page in page
    assert "<ins><bdi>old</bdi></ins>" in text(client, undo_page)
    client.post(undo_page)
    undo = ProfileAssignment.objects.get(undo_of=made)
    work(undo)
    assert settings_of(other, same) == before
    assert "<ins><bdi>old</bdi></ins>" in text(client, address("profileassignment_change", undo.pk))
    assert client.get(undo_page).status_code == 302  # once only
    journal = text(client, address("profileassignment_changelist"))
    assert "undo: Отдел продаж" in journal
    assert "changed: 1, was so already: 1" in journal


def test_what_was_not_looked_at_is_not_handed_out(client: Client, root: PanelUser) -> None:
    profile = profile_of(person("Орлов"), sip_host="pbx")
    looked_at = seen(profile)
    Profile.objects.update(sip_host="other")
    url, data = address("profile_assign", profile.pk), {"seen": looked_at}
    response = client.post(url, data, headers={"accept-language": "en"}, follow=True)
    assert "The profile was changed meanwhile. Look at the differences again." in response.content.decode()
    assert not ProfileAssignment.objects.exists()


def test_who_is_shown_where(client: Client, root: PanelUser) -> None:
    people = [
        person("Орлов"),
        person("Волков", timeout_number="107"),
        person("Зайцев", number="107"),
        person("Сорокин", is_superuser=True),
    ]
    profile = profile_of(*people, timeout_number="107")
    url = address("profile_assign", profile.pk)
    staff = PanelUserFactory(staff=True)
    staff.user_permissions.set(
        Permission.objects.filter(
            codename__in=["change_profile", "change_paneluser"], content_type__app_label="accounts"
        )
    )
    client.force_login(staff)
    found = {show: names(client, f"{url}?show={show}") for show in ("", "changing", "unchanged", "failing", "left_out")}
    assert found == {
        "": ["Волков", "Зайцев", "Орлов"],
        "changing": ["Орлов"],
        "unchanged": ["Волков"],
        "failing": ["Зайцев"],
        "left_out": ["Сорокин"],
    }
    summary = client.get(url).context["summary"]
    assert (summary.total, summary.changing, summary.unchanged, summary.failing, summary.left_out) == (4, 1, 1, 1, 1)
    assert [(field.value, field.users) for field in summary.fields] == [("107", 1)]
    assert names(client, f"{url}?q=орл") == ["Орлов"]
    assert names(client, f"{url}?q=107") == ["Зайцев"]
    assert names(client, f"{url}?q={HOSTILE}") == []


def test_the_list_of_users(client: Client, root: PanelUser) -> None:
    one, two, three = person("Орлов", number="101"), person("Волков", number="102"), person("Зайцев", username="zai")
    profile = profile_of(one)
    url = address("profile_users", profile.pk)

    def listed() -> list[str]:
        return sorted(profile.users.values_list("last_name", flat=True))

    assert [str(user) for user in client.get(url).context["page"]] == ["Орлов"]
    others = [str(user) for user in client.get(f"{url}?show=others").context["page"]]
    assert others == ["Волков", "Зайцев", str(root)]
    client.post(f"{url}?show=others", {"do": "add", "user": [two.pk, "x", "9" * 30]})
    assert listed() == ["Волков", "Орлов"]
    client.post(f"{url}?q=орлов", {"do": "remove_found"})
    assert listed() == ["Волков"]
    client.post(f"{url}?show=others", {"do": "add_named", "named": "101, zai; nobody\n102"})
    assert listed() == ["Волков", "Зайцев", "Орлов"]
    client.post(url, {"do": "remove", "user": [three.pk]})
    assert listed() == ["Волков", "Орлов"]
    client.post(f"{url}?show=others&q=зай", {"do": "add_found"})
    assert listed() == ["Волков", "Зайцев", "Орлов"]
    client.post(url, {"do": "burn"})
    assert listed() == ["Волков", "Зайцев", "Орлов"]
    assert settings_of(one)[0]["assigned_profile"] is None


def test_saving_a_changed_profile_says_what_to_do_next(client: Client, root: PanelUser) -> None:
    profile = profile_of(person("Орлов"), person("Волков"))
    page = text(client, address("profile_change", profile.pk))
    assert "editing it changes nobody until it is assigned" in page
    assert "nobody differs from the profile" in page
    form = {"name": profile.name, "sip_port": "5060", "timeout_seconds": "25", "card_opens": "ringing"}
    form["_continue"] = "1"
    form |= {field.name: "on" for field in Profile._meta.fields if field.name.startswith("may_change")}
    response = client.post(address("profile_change", profile.pk), form, headers={"accept-language": "en"}, follow=True)
    page = " ".join(response.content.decode().split())
    assert "Nobody&#x27;s settings have changed yet: 2 users in the list now differ from the profile." in page
    assert address("profile_assign", profile.pk) in page
    assert "2 of 2 differ from the profile" in page


def test_the_action_of_the_list(client: Client, root: PanelUser) -> None:
    profiles = [profile_of(person("Орлов")), profile_of()]
    data = {"action": "assign_to_users", "_selected_action": [profiles[0].pk]}
    response: Any = client.post(address("profile_changelist"), data)
    assert response.url == address("profile_assign", profiles[0].pk)
    data["_selected_action"] = [profile.pk for profile in profiles]
    response = client.post(address("profile_changelist"), data)
    assert response.url == address("profile_changelist")


def test_going_on_with_one_that_broke_off(client: Client, root: PanelUser) -> None:
    made = services.assign_profile(profile=profile_of(person("Орлов"), sip_host="pbx"), asked_by=root)
    assert made.job
    made.job.state = "failed"
    made.job.save()
    button = address("profileassignment_continue", made.pk)
    assert button in text(client, address("profileassignment_change", made.pk))
    assert client.get(button).status_code == 405
    client.post(button)
    made.refresh_from_db()
    work(made)
    assert outcomes(made) == [("Орлов", "changed", "")]


def test_drift_report(client: Client, root: PanelUser) -> None:
    users = [person("Орлов"), person("Волков")]
    made = services.assign_profile(profile=profile_of(*users, sip_host="pbx"), asked_by=root)
    work(made)
    assert names(client, address("drift")) == []
    user = PanelUser.objects.get(pk=users[0].pk)
    user.sip_host = "mine"
    user.save()
    (row,) = client.get(address("drift")).context["rows"]
    assert [(d.old, d.new) for d in row.differences] == [("mine", "pbx")]
    assert (str(row.user), row.profile, row.since is not None) == ("Орлов", made.profile, True)
    assert names(client, f"{address('drift')}?profile={made.profile_id}&q=волков") == []


def every_page(profile: Profile, assignment: ProfileAssignment) -> list[str]:
    return [
        address("profile_assign", profile.pk),
        address("profile_users", profile.pk),
        address("profileassignment_undo", assignment.pk),
        address("profileassignment_continue", assignment.pk),
        address("drift"),
    ]


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}, {"staff": True}])
def test_strangers(client: Client, who: dict[str, Any] | None) -> None:
    user = person("Орлов")
    made = services.assign_profile(profile=profile_of(user, sip_host="pbx"), asked_by=PanelUserFactory(admin=True))
    work(made)
    before = settings_of(user)
    assert made.profile
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for url in every_page(made.profile, made):
        for response in (client.get(url), client.post(url, {"do": "remove_found", "seen": seen(made.profile)})):
            staff = who == {"staff": True}
            assert response.status_code in ({403, 405} if staff else {302}), url
            assert staff or response.headers["Location"].startswith(reverse("admin:login"))
    assert (ProfileAssignment.objects.count(), made.profile.users.count(), settings_of(user)) == (1, 1, before)


def test_as_many_queries_for_thirty_users_as_for_three(client: Client, root: PanelUser) -> None:
    profile = profile_of(*(person(f"П{n}", number=str(200 + n)) for n in range(3)), sip_host="pbx", timeout_number="90")
    made = services.assign_profile(profile=profile, asked_by=root)
    work(made)
    PanelUser.objects.exclude(pk=root.pk).update(sip_host="mine")
    pages = [
        address("profile_assign", profile.pk),
        address("profile_users", profile.pk),
        f"{address('profile_users', profile.pk)}?show=others",
        address("profileassignment_undo", made.pk),
        address("profileassignment_change", made.pk),
        address("profileassignment_changelist"),
        address("profile_changelist"),
        address("profile_change", profile.pk),
        address("drift"),
    ]

    def queries() -> dict[str, int]:
        found = {}
        for url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found[url] = len(captured)
        return found

    few = queries()
    more = [person(f"Б{n}", number=str(300 + n)) for n in range(27)]
    profile.users.add(*more)
    work(services.assign_profile(profile=profile, asked_by=root))
    PanelUser.objects.exclude(pk=root.pk).update(sip_host="mine")
    for user in more:
        ProfileAssignmentItemFactory(assignment=made, user=user, before=made.items.first().before)  # type: ignore[union-attr]  # it has items
    assert queries() == few


def test_hostile_names(client: Client, root: PanelUser) -> None:
    profile = profile_of(person(HOSTILE, sip_host=HOSTILE), sip_host="pbx", name=HOSTILE)
    made = services.assign_profile(profile=profile, asked_by=root)
    pages = [*every_page(profile, made)[:2], address("profileassignment_change", made.pk)]
    work(made)
    PanelUser.objects.exclude(pk=root.pk).update(sip_port=1)
    pages += [address("profileassignment_undo", made.pk), address("drift"), address("profile_change", profile.pk)]
    for url in pages:
        page = text(client, url)
        assert HOSTILE not in page
        assert "&lt;script&gt;alert(1)" in page
