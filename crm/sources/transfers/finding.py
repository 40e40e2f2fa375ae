"""Which row of the source holds a value: by the value itself, whatever its number there is by now. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from astpanel.lib.phone_numbers import Reading
from crm.models import AddressType
from crm.sources.field_map import Contacts
from crm.sources.importing.contact_lines import Value, identity, values_of
from crm.sources.transfers.acts import Act, Line, RefusedError
from crm.sources.transfers.reasons import Reason


@dataclass(frozen=True, slots=True)
class Finder:
    """Reads rows as the import reads them: what is found here is what was read there."""

    contacts: Contacts
    reading: Reading

    def type_of(self, line: Line) -> str:
        """AddressType; empty for a type that is not read."""
        words = self.contacts
        types = {AddressType.PHONE: words.phones, AddressType.EMAIL: words.emails, AddressType.ADDRESS: words.addresses}
        return next((ours.value for ours, theirs in types.items() if line.get(words.type) in theirs), "")

    def kind_of(self, line: Line) -> str:
        """Reference of the row's kind."""
        return str(line.get(self.contacts.kind) or "").lower() if self.contacts.kind else ""

    def identities(self, line: Line) -> list[str]:
        """Of all that stands in the row; what cannot be read too, with an identity of its own."""
        type_, words = self.type_of(line), self.contacts
        column = words.email if type_ == AddressType.EMAIL and line.get(words.email) else words.number
        text, digits = str(line.get(column) or ""), str(line.get(words.digits) or "") if words.digits else ""
        if not type_:
            return []
        plain = {"place": "", "type": type_, "kind": "", "text": text, "main": False}
        plain["digits"] = digits if type_ == AddressType.PHONE else ""
        found = values_of(plain, self.reading)
        return [one.identity if isinstance(one, Value) else f"refused {one.value}" for one in found]

    def has(self, line: Line, type_: str, value: str) -> bool:
        """The value stands in the row, in whatever writing."""
        return self.type_of(line) == type_ and identity(type_, value, self.reading) in self.identities(line)

    def find(self, lines: Iterable[Line], act: Act, value: str) -> Line | None:
        """Of several rows with the value the one that the key names, else one of the same kind, else the first."""
        fitting = [line for line in lines if self.has(line, act.type, value)]
        key = act.key
        if key is not None:
            fitting.sort(
                key=lambda line: (str(line.get("LineNumber", key.place)) != key.place, self.kind_of(line) != key.kind)
            )
        elif act.kinds:
            fitting.sort(key=lambda line: self.kind_of(line) not in act.kinds)
        return fitting[0] if fitting else None

    def count(self, lines: Iterable[Line], act: Act) -> int:
        """Rows with the value that was there."""
        return sum(1 for line in lines if self.has(line, act.type, act.old))

    def to_change(self, lines: Sequence[Line], act: Act) -> Line | None:
        """The row to be changed or deleted; None: there is none, and need not be.

        Raises RefusedError: the row has other numbers too, or says something else by now.
        """
        line = self.find(lines, act, act.old)
        if line is not None:
            if len(self.identities(line)) > 1:
                raise RefusedError(Reason.SEVERAL)
            return line
        if act.act == "change" and self.find(lines, act, act.value) is None:
            raise RefusedError(Reason.ROW_CHANGED)
        return None
