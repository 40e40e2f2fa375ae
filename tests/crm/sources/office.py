"""An office whose customers a 1C base keeps: the row of the source, and customers as a reading leaves them."""

from typing import Any

from django.utils import timezone

from crm.models import ContactInfo, ContactInfoKind, ContactPerson, Counterparty, CustomerSource, NumberPlacement
from crm.placing.states import states_of
from crm.sources.client import OneC
from crm.sources.field_map import FieldMap, KindRule, from_json
from crm.sources.proposal import propose
from crm.sources.row_keys import RowKey
from tests.crm.sources.families import PART, REGISTER
from tests.crm.sources.onec import OneCServer
from tests.factories import PanelUserFactory


class Office:
    """`source`: may be written. `kind(ref)`: of ours, mapped to theirs."""

    def __init__(self, onec: OneCServer, *rules: tuple[str, str, str]) -> None:
        """`rules`: reference of their kind, owner (`counterparty`, `person`), type of ours."""
        self.onec = onec
        self.kinds = {
            ref: ContactInfoKind.objects.create(name=f"{owner} {number}", owner=owner, type=type_)
            for number, (ref, owner, type_) in enumerate(rules)
        }
        with OneC(onec.connection) as client:
            proposed = propose(client.metadata())
        mapped = tuple(KindRule(ref, kind.owner, kind.pk) for ref, kind in self.kinds.items())
        self.map = FieldMap(**{**_fields(proposed), "kinds": mapped})
        assert from_json(self.map.as_json()) == self.map
        connection = onec.connection
        self.source = CustomerSource.objects.create(
            configuration="ut11",
            url=connection.url,
            username=connection.username,
            password=connection.password,
            enabled=True,
            write_back=True,
            field_map=self.map.as_json(),
            map_confirmed=timezone.now(),
        )
        self.by = PanelUserFactory()
        onec.requests.clear()
        onec.sessions_opened = 0

    def customer(self, ref: str, name: str = "ООО «Луч»") -> Counterparty:
        """A counterparty that was read."""
        return Counterparty.objects.create(name=name, source=self.source, external_ref=ref)

    def person(self, ref: str, company: Counterparty) -> ContactPerson:
        """A contact person that was read."""
        return ContactPerson.objects.create(
            name="Громова Вера", counterparty=company, source=self.source, external_ref=ref
        )

    def read(self, owner: Any, entity: str, place: str, kind: str, value: str, **more: Any) -> ContactInfo:
        """A number that was read. `place`: LineNumber, or the type for the register."""
        key = RowKey(entity if self.map.contacts.storage == "tabular" else REGISTER, owner.external_ref, place, kind)
        return self.typed(owner, kind, value, external_key=str(key), **more)

    def typed(self, owner: Any, kind: str, value: str, **more: Any) -> ContactInfo:
        """A number that was typed here."""
        column = "person" if isinstance(owner, ContactPerson) else "counterparty"
        return ContactInfo.objects.create(kind=self.kinds[kind], value=value, **{column: owner}, **more)

    def lines(self, entity: str, ref: str) -> list[dict[str, Any]]:
        """The tabular part as 1C has it now."""
        row = self.onec.base.row(entity, ref)
        assert row is not None
        lines: list[dict[str, Any]] = row[PART]
        return lines

    def records(self, ref: str) -> list[dict[str, Any]]:
        """The register's records of the object as 1C has them now."""
        return [row for row in self.onec.base.rows(REGISTER) if row["Объект"] == ref]


class Placement:
    """`with Placement(office, owner) as placed:` what is written to the owner's rows inside is one «Добавить номер»."""

    def __init__(self, office: Office, owner: Any) -> None:
        self.office, self.owner = office, owner

    def states(self) -> list[Any]:
        """Of the owner's rows."""
        return list(states_of(self.owner.contact_info.order_by("id")))

    def __enter__(self) -> "Placement":
        self.before = self.states()
        return self

    def __exit__(self, *_: object) -> None:
        self.done = NumberPlacement.objects.create(
            number="+79161112233",
            owner_name=str(self.owner),
            before=self.before,
            after=self.states(),
            by=self.office.by,
        )


def _fields(field_map: FieldMap) -> dict[str, Any]:
    return {name: getattr(field_map, name) for name in FieldMap.__dataclass_fields__}
