"""A row of a file → a user: what django-import-export does with each row, told in its hooks.

Empty cells and missing columns leave a user's values alone. In a dry run nothing is written, so a check takes no lock.
Rows are written by save(), so the audit sees each.
"""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets

from astpanel.accounts.importing import extras
from astpanel.accounts.importing.context import ImportContext
from astpanel.accounts.importing.extras import Cells
from astpanel.accounts.importing.parse import LONGEST_CELL
from astpanel.accounts.models import PanelUser
from astpanel.lib.tables.words import yes_or_no

COMPARED: Final = ("last_name", "first_name", "patronymic", "email", "department", "pbx", "in_use")


class YesNo(widgets.Widget):  # type: ignore[misc]  # import_export ships no types
    """«да», yes, 1, + …"""

    def clean(self, value: Any, row: Any = None, **_kwargs: Any) -> bool:
        return yes_or_no(str(value))


class Named(widgets.Widget):  # type: ignore[misc]  # import_export ships no types
    """The department or PBX of that name, as the file's context knows them."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return kwargs["context"].named(self.kind, str(value))


class UsersOfTheContext:
    """Finds existing users without a query for each row."""

    def __init__(self, resource: "PanelUserResource", dataset: Any = None) -> None:
        self.context = resource.context

    def get_instance(self, row: Cells) -> PanelUser | None:
        """Who has the row's log-in."""
        return self.context.user(row["username"])


class PanelUserResource(resources.ModelResource):  # type: ignore[misc]  # import_export ships no types
    """Made for one pass over one file."""

    department = fields.Field("department", "department", Named("department"))
    pbx = fields.Field("pbx", "pbx", Named("pbx"))
    in_use = fields.Field("in_use", "in_use", YesNo())

    class Meta:
        model = PanelUser
        import_id_fields = ("username",)
        fields = ("username", *COMPARED)
        clean_model_instances = True
        skip_diff = True
        use_transactions = False
        store_row_values = False
        instance_loader_class = UsersOfTheContext

    def __init__(self, context: ImportContext) -> None:
        super().__init__()
        self.context = context
        self.before: tuple[Any, ...] | None = None  # the values of an existing user before the row

    def before_import_row(self, row: Cells, **_kwargs: Any) -> None:
        self.context.row, self.before = row, None
        if long := [key for key, text in row.items() if len(text) > LONGEST_CELL]:
            raise ValidationError({key: _("Too long.") for key in long})
        if not row.get("username"):
            raise ValidationError({"username": _("Without a log-in nobody can be imported.")})
        if (line := self.context.same_username()) is not None:
            raise ValidationError({"username": _("The same log-in is in row %(line)d.") % {"line": line}})

    def after_init_instance(self, instance: PanelUser, new: bool, row: Cells, **_kwargs: Any) -> None:
        """Nobody can log in as a new user until a password is set."""
        if new:
            instance.set_unusable_password()
            instance.pbx = self.context.only_pbx
        elif not self.context.may_touch(instance):
            raise ValidationError({"username": _("You have no right to change this user.")})
        else:
            self.before = values(instance)

    def import_field(self, field: Any, instance: PanelUser, row: Cells, **kwargs: Any) -> None:
        super().import_field(field, instance, row, **{**kwargs, "context": self.context})

    def skip_row(self, instance: PanelUser, original: Any, row: Cells, import_validation_errors: Any = None) -> bool:
        """A row that changes nothing is not written: the audit says nothing of it either."""
        if import_validation_errors or self.before is None or self.before != values(instance):
            return False
        return not extras.faults(self.context, instance, row) and not extras.change(self.context, instance, row)

    def validate_instance(
        self, instance: PanelUser, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """All faults of the row together."""
        found: dict[str, Any] = {}
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            error.update_error_dict(found)
        found |= extras.faults(self.context, instance, self.context.row)
        if found:
            raise ValidationError(found)

    def before_save_instance(self, instance: PanelUser, row: Cells, **kwargs: Any) -> None:
        if not kwargs["dry_run"]:
            extras.claim_seat(instance)
            if instance.department is not None and instance.department.pk is None:
                instance.department.save()

    def after_save_instance(self, instance: PanelUser, row: Cells, **kwargs: Any) -> None:
        if not kwargs["dry_run"]:
            extras.write(self.context, instance, row)


def values(user: PanelUser) -> tuple[Any, ...]:
    """What a row may change of the user's own fields. An unsaved department differs from any."""
    return tuple(getattr(user, name) for name in COMPARED)
