"""«Готово» without having put the number anywhere: where it goes by itself. Pure."""

from crm.placing.draft import Draft, Refusal, RefusedError
from crm.placing.rows import Kind


def place_automatically(draft: Draft) -> Draft:
    """The number in the first empty row of the fitting kinds, else in a new row of the first of them.

    Fitting are mobile kinds (`Kind.for_mobiles`) for a mobile number, the others for any other, and every phone kind
    where there are none of those. A number that stands in the table already stays there.

    Raises RefusedError: no phone kind.
    """
    if draft.place is not None:
        return draft
    kinds = _fitting(draft)
    if not kinds:
        raise RefusedError(Refusal.NOT_PHONE)
    empty = {row.kind.id: row.key for row in reversed(draft.rows()) if row.empty and not row.deleted}
    for kind in kinds:
        if kind.id in empty:
            return draft.set_number(empty[kind.id])
    return draft.set_in_new_row(kinds[0].id)


def _fitting(draft: Draft) -> list[Kind]:
    phones = [kind for kind in draft.kinds if kind.is_phone]
    mobile = draft.number.is_mobile
    return [kind for kind in phones if kind.for_mobiles == mobile] or phones
