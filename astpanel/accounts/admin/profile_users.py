"""The page with a profile's list of users: search, choose, add or take out, a thousand as easily as one."""

from typing import Any, Final

from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from astpanel.accounts.admin.pages import asked_of, assigners_only, page_of
from astpanel.accounts.assignments import lists
from astpanel.accounts.models import Department, Profile
from astpanel.accounts.selectors import with_internal_numbers

MOST_PASTED: Final = 200_000  # characters


@assigners_only
def profile_users(request: Any, profile_id: int) -> HttpResponse:
    """`show=others`: who may be added; else who is in the list."""
    profile = get_object_or_404(Profile, pk=profile_id)
    if request.method == "POST":
        _change(request, profile)
        return HttpResponseRedirect(request.get_full_path())
    asked = asked_of(request, "others")
    page = page_of(with_internal_numbers(_found(request, profile)).select_related("department"), asked.page)
    context = {
        **admin.site.each_context(request),
        "title": _("Users of the profile"),
        "profile": profile,
        "asked": asked,
        "page": page,
        "members": lists.members(profile).count(),
        "departments": Department.objects.all() if asked.show else (),
        "department": _department(request),
    }
    return render(request, "admin/accounts/assignments/users.html", context)


def _found(request: Any, profile: Profile) -> Any:
    asked = asked_of(request, "others")
    if asked.show == "others":
        return lists.others(profile, asked.query, _department(request))
    return lists.members(profile, asked.query)


def _department(request: Any) -> int | None:
    text = request.GET.get("department", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _change(request: Any, profile: Profile) -> None:
    """`do`: add, remove (the ticked), add_found, remove_found (all that the search finds), add_named (pasted)."""
    match request.POST.get("do"):
        case "add" | "remove" as act:
            users = {int(pk) for pk in request.POST.getlist("user") if pk.isdecimal() and len(pk) < 19}
        case "add_found" | "remove_found" as found:
            act, users = found.removesuffix("_found"), set(_found(request, profile).values_list("pk", flat=True))
        case "add_named":
            act, (users, unknown) = "add", lists.users_named(request.POST.get("named", "")[:MOST_PASTED])
            if unknown:
                text = _("Nobody has this log-in or internal number: %(words)s")
                messages.warning(request, text % {"words": Truncator(", ".join(unknown)).chars(300)})
        case _:
            return
    if act == "add":
        count = lists.add_users(profile=profile, users=users)
        done = ngettext("%(count)d user is added to the list.", "%(count)d users are added to the list.", count)
    else:
        count = lists.remove_users(profile=profile, users=users)
        done = ngettext("%(count)d user is taken out of the list.", "%(count)d users are taken out of the list.", count)
    rest = _("Their settings stay as they are until the profile is assigned.") if act == "add" and count else ""
    messages.success(request, f"{done % {'count': count}} {rest}".strip())
