"""Contact information on the user's page: the usual rows are there to be filled in."""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.http import HttpRequest

from astpanel.accounts.models import PanelUser
from crm.admin_inlines import UserInfoInline
from crm.models import AddressType, ContactInfoKind


class UserNumbersInline(UserInfoInline):
    """A user without any number sees a row of each usual kind; rows left empty are not written."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return plain_choice(super().formfield_for_dbfield(db_field, request, **options))

    def get_extra(self, request: HttpRequest, obj: PanelUser | None = None, **_: Any) -> int:
        if obj is not None and obj.contact_info.exists():
            return 0
        return len(usual_rows())

    def get_formset(self, request: HttpRequest, obj: PanelUser | None = None, **options: Any) -> Any:
        base = super().get_formset(request, obj, **options)
        rows = usual_rows() if self.get_extra(request, obj) else []

        class WithUsualRows(base):  # type: ignore[misc, valid-type]  # the class is made for each request
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                kwargs.setdefault("initial", rows)
                super().__init__(*args, **kwargs)

        return WithUsualRows


def plain_choice(field: Any) -> Any:
    """A choice of related rows without the pencil, the cross and the eye."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
    return field


def usual_rows() -> list[dict[str, Any]]:
    """The first kind of internal numbers (main), of mobiles, of e-mail: as far as there are such kinds."""
    kinds = list(ContactInfoKind.objects.filter(owner=ContactInfoKind.Owner.USER))
    internal = next((kind for kind in kinds if kind.type == AddressType.INTERNAL), None)
    mobile = next((kind for kind in kinds if kind.is_mobile), None)
    email = next((kind for kind in kinds if kind.type == AddressType.EMAIL), None)
    return [{"kind": kind.pk, "is_main": kind is internal} for kind in (internal, mobile, email) if kind is not None]
