"""Every page of the portal, and who looks at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from astpanel.accounts.models import PanelUser, Profile, ProfileAssignment
from astpanel.accounts.password_links import path_for
from astpanel.api.models import ApiClient
from crm.models import NotDuplicates
from tests.house.admin_pages import page
from tests.house.walked_data import Office

NOT_PAGES: Final = {  # named addresses nobody reads, and why
    "jsi18n": "the words for scripts, which are texts of the catalog",
    "healthz": "for monitors",
    "metrics": "for monitors",
    "people": "the directory: data",
    "popup-claim": "data",
    "caller-facts": "data",
    "logout": "leads to the log-in",
    "set_language": "leads back",
    "autocomplete": "data",
    "view_on_site": "leads to an object's page: there is none outside the admin",
    "licence_trial": "leads to the list of licences",
    "card_link_example": "data",
    "pbx_check_start": "leads to the check's page",
    "accounts_profileassignment_continue": "leads to the assignment's page",
    "user_import_template": "a file",
    "user_export": "a file",
    "crm_refused_file": "a file",
    "directory_import_template": "a file",
    "directory_import_refused": "a file",
    "directory_export_file": "a file",
}
STEPS: Final = ("agreement", "configuration", "protection", "contacts", "pbx", "numbers")
_FORMSETS: Final = re.compile(r'name="([^"]+-(?:TOTAL|INITIAL)_FORMS)"')
_HIDDEN: Final = re.compile(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Visit:
    """`name` of the address, who asks for it, and what is sent: None is a GET, {} an empty form.

    `then`: what is sent further, step by step. `fragment`: a script asks, and sends the hidden fields back.
    """

    name: str
    who: str
    address: str
    sent: dict[str, Any] | None = None
    then: tuple[dict[str, Any], ...] = ()
    fragment: bool = False

    def __str__(self) -> str:
        sent = [f"{key}={value}"[:40] for step in (self.sent or {}, *self.then) for key, value in step.items()]
        return f"{self.who}: {'GET' if self.sent is None else 'POST'} {self.address} {' '.join(sent)}".rstrip()

    def ask(self, client: Client) -> Any:
        """The answer at the end of all redirections. What is sent has no rows of formsets."""
        headers = {"HX-Request": "true"} if self.fragment else {}
        answer = client.get(self.address, follow=True, headers=headers)
        for sent in () if self.sent is None else (self.sent, *self.then):
            form = answer.content.decode(errors="replace")
            fields = dict(_HIDDEN.findall(form)) if self.fragment else dict.fromkeys(_FORMSETS.findall(form), "0")
            kept = {name: unescape(value) for name, value in fields.items()}
            answer = client.post(self.address, {**kept, **sent}, follow=True, headers=headers)
        return answer


def of_models(office: Office) -> Iterator[Visit]:
    """List, search, form, empty form, one row, its history and deletion, and each action, of every model."""
    for model, options in admin.site._registry.items():
        prefix, pk = f"{model._meta.app_label}_{model._meta.model_name}", office.row(model).pk
        for name in ("changelist", "add"):
            yield Visit(f"{prefix}_{name}", "administrator", page(model, name))
        yield Visit(f"{prefix}_changelist", "administrator", page(model, "changelist") + "?q=ничего")
        for name in ("change", "history", "delete"):
            yield Visit(f"{prefix}_{name}", "administrator", page(model, name, pk))
        yield Visit(f"{prefix}_add", "administrator", page(model, "add"), {})
        for action in ("delete_selected", *(options.actions or ())):
            name = action if isinstance(action, str) else action.__name__
            sent = {"action": name, "_selected_action": [str(pk)]}
            yield Visit(f"{prefix}_changelist", "administrator", page(model, "changelist"), sent)
    for app in sorted({model._meta.app_label for model in admin.site._registry}):
        yield Visit("app_list", "administrator", reverse("admin:app_list", args=[app]))


def of_the_admin(office: Office) -> Iterator[Visit]:
    """The admin's other pages."""
    user, profile, assignment = (office.row(model).pk for model in (PanelUser, Profile, ProfileAssignment))
    args: dict[str, list[int]] = {
        "auth_user_password_change": [user],
        "accounts_profile_assign": [profile],
        "accounts_profile_users": [profile],
        "accounts_profileassignment_undo": [assignment],
    }
    read = ["index", "password_change_done", "accounts_drift", "users_from_pbx", "setup_finish", "setup_pbx_progress"]
    written = ["password_change", "licence_upload", "user_import_upload"]
    for name in [*read, *written, *args, "setup"]:
        yield Visit(name, "administrator", reverse(f"admin:{name}", args=args.get(name)))
    for name in [*written, "auth_user_password_change"]:
        yield Visit(name, "administrator", reverse(f"admin:{name}", args=args.get(name)), {})
    for name in ("directory_import_upload", "directory_export_begin"):
        yield Visit(name, "administrator", reverse(f"admin:{name}"))
    yield Visit("directory_import_upload", "administrator", reverse("admin:directory_import_upload"), {})
    for made in office.directory_imports:
        yield Visit("directory_import", "administrator", reverse("admin:directory_import", args=[made.pk]))
    for made in office.directory_exports:
        yield Visit("directory_export", "administrator", reverse("admin:directory_export", args=[made.pk]))
    for name in ("crm_source_map", "crm_source_import"):
        yield Visit(name, "administrator", reverse(f"admin:{name}"))
        yield Visit(name, "administrator", reverse(f"admin:{name}"), {})
    for made in office.imports:
        yield Visit("user_import", "administrator", reverse("admin:user_import", args=[made.pk]))
    for check in office.checks:
        yield Visit("pbx_check_result", "administrator", reverse("admin:pbx_check_result", args=[check.pk]))
    renew = reverse("admin:api_apiclient_renew", args=[office.row(ApiClient).pk])
    yield Visit("api_apiclient_renew", "administrator", renew)
    yield Visit("api_apiclient_renew", "administrator", renew, {})
    yield Visit("openapi-view", "administrator", reverse("api:openapi-view"))
    sent = {"number": "89161112233", "rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0"}
    yield Visit("numbering_try", "administrator", reverse("admin:numbering_try"), sent)
    yield from _of_customers(office)
    for who in ("operator", "anonymous"):
        yield Visit("login", who, reverse("admin:login"))


def _of_customers(office: Office) -> Iterator[Visit]:
    """Possible duplicates, previews of merges, and a refused one."""
    for by in ("number", "name"):
        yield Visit("customers_duplicates", "administrator", reverse("admin:customers_duplicates") + f"?by={by}")
    told = office.row(NotDuplicates)
    yield Visit("customers_dismissed", "administrator", reverse("admin:customers_dismissed"))
    yield Visit("customers_restore", "administrator", reverse("admin:customers_restore", args=[told.pk]), {})
    for sent in ({}, {"by": "number", "key": "+74950000001", "count": "2", "seen": _ids(office)}):
        yield Visit("customers_dismiss", "administrator", reverse("admin:customers_dismiss"), sent)
    for kind, rows in office.doubles.items():
        address = reverse("admin:customers_merge", args=[kind])
        yield Visit("customers_merge", "administrator", f"{address}?ids={','.join(str(row.pk) for row in rows)}")
        yield Visit("customers_merge", "administrator", address)
    sent = {"ids": _ids(office), "action": "merge", "seen": "?"}
    yield Visit("customers_merge", "administrator", reverse("admin:customers_merge", args=["counterparty"]), sent)


def _ids(office: Office) -> str:
    return ",".join(str(row.pk) for row in office.doubles["counterparty"])


def of_the_assistant(office: Office) -> Iterator[Visit]:
    """Each of its steps, as if all were done, and sent empty."""
    office.finish_steps()
    for name in ("setup", "setup_finish", *(f"setup_{step}" for step in STEPS)):
        yield Visit(name, "administrator", reverse(f"admin:{name}"))
    for step in STEPS:
        yield Visit(f"setup_{step}", "administrator", reverse(f"admin:setup_{step}"), {})


def of_everybody(office: Office) -> Iterator[Visit]:
    """The pages outside the admin: of each role, of strangers, and what is said to whoever is locked out."""
    for who in office.people:
        for name in ("panel", "recent", "own-settings", "own-password"):
            yield Visit(name, who, reverse(name))
        for name in ("own-settings", "own-password"):
            yield Visit(name, who, reverse(name), {})
    yield Visit("favourite", "operator", reverse("favourite"), {"number": "?", "on": "1"})
    link = path_for(office.people["operator"])
    for name, address in {
        "login": reverse("login"),
        "set-password": link,
        "a wrong link": link[:-3] + "/",
        "setup-first": reverse("setup-first"),
        "setup-token": reverse("setup-token", args=["1"]),
        "no such page": "/1/2/",
    }.items():
        yield Visit(name, "anonymous", address)
    for door in ("login", "admin:login"):
        for _ in range(settings.AXES_FAILURE_LIMIT):
            yield Visit("login", "anonymous", reverse(door), {"username": door, "password": "1"})
