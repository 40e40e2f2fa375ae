"""A look at the base in a worker: what it publishes, which map fits, and what stands in the fields. Writes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from astpanel.jobs.models import Job
from astpanel.jobs.registry import job_function
from astpanel.jobs.services import JobFailedError, progress
from crm.sources.client import OneC
from crm.sources.field_map import TABULAR, FieldMap, MapError, Users, from_json
from crm.sources.importing.mirrored import one_line, reference
from crm.sources.importing.plan import REQUISITES, Stage, stages
from crm.sources.importing.users import read_users
from crm.sources.knowledge import CATALOG, REGISTER, Knowledge
from crm.sources.metadata import Metadata
from crm.sources.odata import NoAccessError, Problem
from crm.sources.problems import words_of_error
from crm.sources.proposal import PERSON_CATALOGUES, customer_part, first, person_part, propose, section_of
from crm.sources.selectors import connection_of, current_source

LOOK: Final = "look_at_source"  # kind of the job
SAMPLE: Final = 50  # rows that examples are taken from
SHOWN: Final = 3
LONGEST: Final = 80
OF_THE_ROW: Final = frozenset(  # nothing is wrong with the base as a whole
    {Problem.FORBIDDEN, Problem.NOT_SELECTED, Problem.REJECTED, Problem.GONE, Problem.SERVER_ERROR}
)
PROPERTIES_OF: Final = "ChartOfCharacteristicTypes_ДополнительныеРеквизитыИСведения"


@job_function
def look_at_source(job: Job) -> dict[str, Any]:
    """`job.args`: {"map": a map or {}, "new": {"customers": [entity], …}}; the result is Knowledge as JSON."""
    source = current_source()
    if source is None or not source.url:
        raise JobFailedError(_("There is no address to ask. Type it first."))
    try:
        with OneC(connection_of(source)) as onec:
            progress(job, done=0, total=3, message=_("Which objects 1C publishes"))
            metadata = onec.metadata()
            field_map = _draft(job.args, metadata)
            progress(job, done=1, message=_("Examples"))
            look = _Look(onec, metadata, field_map)
            look.all()
    except NoAccessError as error:
        raise JobFailedError(words_of_error(error)) from error
    return look.knowledge().as_json()


def _draft(args: Mapping[str, Any], metadata: Metadata) -> FieldMap:
    """What was chosen so far, with the usual columns of catalogues that were chosen just now; or the proposal."""
    try:
        draft = from_json(args.get("map") or {})
    except MapError:
        draft = FieldMap()
    new = args.get("new") or {}
    if draft == FieldMap() and not any(new.values()):
        return propose(metadata)
    contacts = draft.contacts
    known = {part.entity for part in draft.parts} | {part.entity for part in draft.users}
    wanted = {sort: [name for name in new.get(sort, []) if metadata.has(name) and name not in known] for sort in new}
    customers = [customer_part(metadata, name, contacts) for name in wanted.get("customers", [])]
    persons = [
        person_part(metadata, name, owner, contacts)
        for name in wanted.get("persons", [])
        if (owner := first(metadata, name, PERSON_CATALOGUES.get(name, ("Owner_Key", "ОбъектВладелец"))))
    ]
    users = [Users(name, section=section_of(metadata, name, contacts)) for name in wanted.get("users", [])]
    return replace(
        draft,
        customers=(*draft.customers, *customers),
        persons=(*draft.persons, *persons),
        users=(*draft.users, *users),
    )


@dataclass
class _Look:
    onec: OneC
    metadata: Metadata
    field_map: FieldMap
    examples: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # reference → name
    kinds: dict[str, str] = field(default_factory=dict)
    requisites: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def all(self) -> None:
        """Everything that can be read; what cannot is a fault of its object."""
        entity = self.field_map.kinds_entity
        self.kinds = dict(self._try(entity, lambda: self._names(entity)) or {}) if entity else {}
        users = self._try("Catalog_Пользователи", lambda: read_users(self.onec, self.field_map)) or []
        self.names = {**self.kinds, **{user.ref: user.name for user in users}}
        for user in users[:SHOWN]:
            for part in self.field_map.users[:1]:
                self._note(f"{part.entity}.{part.name}", user.name)
        if any(self.metadata.has(f"{part.entity}_{REQUISITES}") for part in self.field_map.customers):
            self.requisites = self._try(PROPERTIES_OF, lambda: self._names(PROPERTIES_OF)) or {}
            self.requisites = self.requisites if self.metadata.has(PROPERTIES_OF) else {}
        for stage in stages(self.field_map):
            if self.metadata.has(stage.entity):
                self._try(stage.entity, lambda stage=stage: self._stage(stage))

    def _try(self, entity: str, work: Any) -> Any:
        try:
            return work()
        except NoAccessError as error:
            if error.problem not in OF_THE_ROW:
                raise
            self.faults[entity] = error.problem.value
            return None

    def _names(self, entity: str) -> dict[str, str]:
        if not self.metadata.has(entity):
            return {}
        pages = self.onec.pages(entity, select=("Ref_Key", "Description"))
        return {reference(row.get("Ref_Key")): one_line(row.get("Description")) for page in pages for row in page}

    def _stage(self, stage: Stage) -> None:
        section = getattr(stage.part, "section", "")
        known = [name for name in stage.select if self.metadata.has(f"{stage.entity}.{name}") or name == section]
        if section and not self.metadata.has(f"{stage.entity}_{section}"):
            known = [name for name in known if name != section]
        order = "" if stage.key else stage.orderby
        rows = self.onec.rows(stage.entity, select=known, filter=stage.filter, orderby=order, top=SAMPLE)
        self.names |= {reference(row.get("Ref_Key")): one_line(row.get("Description")) for row in rows}
        for row in rows:
            for path, value in _values(stage.entity, row):
                self._note(path, value)

    def _note(self, path: str, value: Any) -> None:
        shown = self._shown(value)
        found = self.examples.setdefault(path, [])
        if shown and shown not in found and len(found) < SHOWN:
            found.append(shown)

    def _shown(self, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        ref = reference(value)
        return self.names.get(ref, ref) if ref else "" if _is_empty(value) else one_line(value, LONGEST)

    def knowledge(self) -> Knowledge:
        """What was found."""
        catalogs = [name for name in self.metadata.entities if name.startswith(CATALOG)]
        sections = {f"{part.entity}_{part.section}" for part in self.field_map.parts if part.section}
        mentioned = {part.entity for part in (*self.field_map.parts, *self.field_map.users)} | sections
        tables = [name for name in catalogs if name.rpartition("_")[0] in self.metadata.entities]
        if self.field_map.contacts.storage == TABULAR:
            mentioned |= {name for name in tables if name.rpartition("_")[0] in mentioned}
        linked = {part.linked_entity for part in self.field_map.persons} - {""}
        mentioned |= {self.field_map.contacts.entity, self.field_map.kinds_entity} | linked
        return Knowledge(
            field_map=self.field_map,
            proposed=propose(self.metadata),
            catalogs=tuple(sorted(catalogs)),
            registers=tuple(sorted(name for name in self.metadata.entities if _may_hold_numbers(name, self.metadata))),
            properties={
                name: tuple(sorted(self.metadata.entities[name]))
                for name in sorted(mentioned)
                if name in self.metadata.entities
            },
            examples={path: tuple(values) for path, values in self.examples.items() if values},
            kinds=self.kinds,
            requisites=self.requisites,
            faults=self.faults,
        )


def _values(entity: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, list):
            lines: Iterable[Any] = value[:SHOWN]
            for line in lines:
                if isinstance(line, Mapping):
                    yield from ((f"{entity}_{name}.{column}", cell) for column, cell in line.items())
        else:
            yield f"{entity}.{name}", value


def _is_empty(value: Any) -> bool:
    return value in {"", None} or (isinstance(value, str) and value.startswith("00000000-0000"))


def _may_hold_numbers(name: str, metadata: Metadata) -> bool:
    return name.startswith(REGISTER) and any(
        metadata.has(f"{name}.{column}") for column in ("Представление", "НомерТелефона", "Телефон")
    )
