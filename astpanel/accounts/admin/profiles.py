"""«Профили настроек»: templates of settings, their users, and the way to hand them out."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from astpanel.accounts.admin.assigning import assign, assign_address
from astpanel.accounts.admin.profile_users import profile_users
from astpanel.accounts.assignments.preview import summary_of
from astpanel.accounts.assignments.rules import may_assign
from astpanel.accounts.drift import with_drift
from astpanel.accounts.models import PanelUser, Profile
from astpanel.accounts.settings_fields import FIELDS, GROUPS
from astpanel.admin_parts import ModelAdmin, flag

FIELDSETS: Any = [(None, {"fields": ["name"]})]
FIELDSETS += [(title, {"fields": fields, "description": text}) for title, fields, text in GROUPS]


@admin.register(Profile)
class ProfileAdmin(ModelAdmin):
    """Editing a profile changes nobody: the page says so, and how many users now differ."""

    change_form_template = "admin/accounts/assignments/profile.html"
    list_display = ["name", "people", "given", "different", "with_softphone", "intercepts", "last_resort"]
    list_select_related = ["timeout_kind"]
    search_fields = ["name"]
    with_softphone = flag("softphone", title=gettext_lazy("use the softphone"), yes=gettext_lazy("yes"))
    intercepts = flag(
        "intercept_own_clients", title=gettext_lazy("intercept calls of own clients"), yes=gettext_lazy("yes")
    )
    actions = ["assign_to_users"]
    fieldsets = FIELDSETS

    class Media:
        css = {"all": ["accounts/assignments.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Subqueries, each by itself: a join with the list would have the others counted again for each of its users.
        listed = PanelUser.objects.filter(profiles=OuterRef("pk")).order_by().values("profiles")
        given = with_drift(PanelUser.objects.filter(assigned_profile=OuterRef("pk"))).order_by()
        by_profile = given.values("assigned_profile")
        figures = {
            "people": listed.annotate(n=Count("pk")).values("n"),
            "given": by_profile.annotate(n=Count("pk")).values("n"),
            "different": by_profile.annotate(n=Count("pk", filter=Q(drifted=True))).values("n"),
        }
        counts = {name: Coalesce(Subquery(rows, IntegerField()), 0) for name, rows in figures.items()}
        found: QuerySet[Any] = super().get_queryset(request).annotate(**counts)
        return found

    def get_urls(self) -> list[Any]:
        """The pages beside the form."""
        view = self.admin_site.admin_view
        return [
            path("<int:profile_id>/assign/", view(assign), name="accounts_profile_assign"),
            path("<int:profile_id>/users/", view(profile_users), name="accounts_profile_users"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("users in the list"), ordering="people")
    def people(self, obj: Any) -> int:
        return int(obj.people)

    @admin.display(description=gettext_lazy("assigned to"), ordering="given")
    def given(self, obj: Any) -> int:
        return int(obj.given)

    @admin.display(description=gettext_lazy("differ now"), ordering="different")
    def different(self, obj: Any) -> int | SafeString:
        if not obj.different:
            return 0
        return format_html('<span class="chip chip-warn">{}</span>', obj.different)

    @admin.display(description=gettext_lazy("last resort"))
    def last_resort(self, obj: Profile) -> str:
        return obj.timeout_number or str(obj.timeout_kind or "–")

    @admin.action(description=gettext_lazy("Assign the profile to users"), permissions=["change"])
    def assign_to_users(self, request: HttpRequest, queryset: QuerySet[Profile]) -> HttpResponse | None:
        """To the page with the differences."""
        profiles = list(queryset[:2])
        if len(profiles) == 1:
            return HttpResponseRedirect(assign_address(profiles[0]))
        text = _("Choose one profile: each has differences of its own to be looked at.")
        self.message_user(request, text, messages.WARNING)
        return None

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """`facts`: what an assignment would change now; None for those who may not assign."""
        profile = self.get_object(request, object_id)
        user: Any = request.user
        facts = summary_of(profile, by=user) if profile is not None and may_assign(user) else None
        kwargs["extra_context"] = {**(kwargs.get("extra_context") or {}), "facts": facts}
        return super().change_view(request, object_id, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Profile, form: Any, change: bool) -> None:
        """Changed settings of a profile with users: what to do next is said with the button for it."""
        super().save_model(request, obj, form, change)
        user: Any = request.user
        if not change or not set(FIELDS).intersection(form.changed_data) or not may_assign(user):
            return
        changing = summary_of(obj, by=user).changing
        if changing:
            text = ngettext(
                "Nobody's settings have changed yet: %(count)d user in the list now differs from the profile.",
                "Nobody's settings have changed yet: %(count)d users in the list now differ from the profile.",
                changing,
            )
            link = format_html('<a class="button" href="{}">{}</a>', assign_address(obj), _("Assign to users…"))
            messages.warning(request, format_html("{} {}", text % {"count": changing}, link))
