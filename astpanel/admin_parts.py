"""What several admin pages share: read-only journals, secrets that are only written, lists of millions."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.views.decorators.debug import sensitive_post_parameters

from astpanel.lib.secret_field import SecretField

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]  # generic for the type checker only
    Options = admin.options.BaseModelAdmin[Any]
    BasePaginator = Paginator[Any]
    FormSet = BaseInlineFormSet[Any, Any, Any]
else:
    BasePaginator = Paginator
    FormSet = BaseInlineFormSet
    ModelAdmin = admin.ModelAdmin
    Options = object

REACHABLE: Final = 10_000  # rows of a list of millions one can page to; older ones by filter and search


def flag(field: str, *, title: Any, yes: Any = "", no: Any = "") -> Any:
    """A column of a list for a field that is true or false: a quiet word where there is something to say.

    Django's icons put a red cross wherever something is merely not so.
    """

    @admin.display(description=title, ordering=field, empty_value="")
    def shown(_admin: Any, obj: Any) -> str:
        said = yes if getattr(obj, field) else no
        return format_html('<span class="quiet">{}</span>', said) if said else ""

    return shown


class ReadOnly(Options):
    """Mixin: what the product writes itself is shown, never typed."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WriteOnlySecrets(Options):
    """Mixin: secrets are typed by those who may change the row and shown to nobody, also not in an error page."""

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(*args, **kwargs)  # type: ignore[misc, no-any-return]  # ModelAdmin is the other base

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Somebody who may only look would be shown the plain value: such fields are left out."""
        fieldsets = super().get_fieldsets(request, obj)
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may_write:
            return fieldsets
        secrets = {field.name for field in self.model._meta.get_fields() if isinstance(field, SecretField)}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in secrets]})
            for title, options in fieldsets
        ]


class NamedCells(FormSet):
    """Rows of a tabular inline. Each field says its column's name: the table's head says it to eyes only."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            shown = getattr(field.widget, "widget", field.widget)  # within the plus and the pencil of related rows
            if field.label:  # the hidden key of the row has none
                shown.attrs.setdefault("aria-label", capfirst(field.label))


class CappedPaginator(BasePaginator):
    """Counts no further than REACHABLE: COUNT(*) over millions of rows takes longer than the page itself."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[:REACHABLE].count()
        return min(len(rows), REACHABLE)
