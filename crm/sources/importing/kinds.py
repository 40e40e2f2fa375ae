"""Their kinds of contact information → ours."""

from collections.abc import Mapping

from crm.folding import fold, names_mobiles
from crm.models import AddressType, ContactInfoKind
from crm.sources.field_map import KindRule

NAMES = {AddressType.PHONE: "Телефон", AddressType.EMAIL: "E-mail", AddressType.ADDRESS: "Адрес"}
LONGEST = 100


class Kinds:
    """`names`: reference of their kind → its name. Kinds of ours that are missing are made, under their names."""

    def __init__(self, names: Mapping[str, str], rules: tuple[KindRule, ...]) -> None:
        self._names = names
        self._ours = list(ContactInfoKind.objects.order_by("order", "id"))
        known = {kind.pk: kind for kind in self._ours}
        self._found: dict[tuple[str, str, str], int] = {}
        for rule in rules:
            kind = known.get(rule.kind)
            if kind is not None and kind.owner == rule.owner:
                self._found[rule.ref, rule.owner, kind.type] = kind.pk

    def of(self, ref: str, owner: str, type_: str) -> int:
        """The id of ours for rows of their kind; `owner`: `counterparty` or `person`; `type_`: AddressType."""
        key = (ref, owner, type_)
        if key not in self._found:
            self._found[key] = self._choose(self._names.get(ref, ""), owner, type_)
        return self._found[key]

    def _choose(self, name: str, owner: str, type_: str) -> int:
        ours = [kind for kind in self._ours if (kind.owner, kind.type) == (owner, type_)]
        best = suggested(name, ours)
        if best is None:
            best = self._make(name, owner, type_)
        return best.pk

    def _make(self, name: str, owner: str, type_: str) -> ContactInfoKind:
        name = name[:LONGEST] or NAMES[AddressType(type_)]
        kind, _made = ContactInfoKind.objects.get_or_create(
            owner=owner,
            name=name,
            defaults={"type": type_, "is_mobile": type_ == AddressType.PHONE and names_mobiles(name)},
        )
        if kind.type != type_:  # the name is taken by a kind of another type
            kind, _made = ContactInfoKind.objects.get_or_create(
                owner=owner, name=f"{name[: LONGEST - 5]} (1С)", defaults={"type": type_}
            )
        self._ours.append(kind)
        return kind


def suggested(name: str, ours: list[ContactInfoKind]) -> ContactInfoKind | None:
    """Of kinds for one owner and type: the one with that name, else the first mobile one for a mobile one and the first
    other one for others. None: it is to be made.
    """
    folded = fold(name)
    for kind in ours:
        if fold(kind.name) == folded:
            return kind
    mobile = names_mobiles(name)
    same = [kind for kind in ours if (kind.is_mobile or names_mobiles(kind.name)) == mobile]
    return same[0] if same else None
