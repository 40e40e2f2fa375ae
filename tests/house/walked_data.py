"""One row of everything that pages show, with people and things whose names are Russian: what is Latin then is ours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task
from django_q.signing import SignedPackage

from astpanel.accounts.assignments.services import assign_profile
from astpanel.accounts.models import PanelUser
from astpanel.jobs import tasks
from astpanel.jobs.models import Job
from astpanel.setup import services
from astpanel.setup.flow import ORDER
from telephony.check.findings import findings
from tests import factories
from tests.check.build import SOUND
from tests.house.admin_pages import MODELS, make
from tests.house.foreign_words import russian_words

NO_HEADERS: Final = {"user_agent": "—", "http_accept": "—", "path_info": "—"}
FOUND: Final = replace(
    SOUND,
    accounts=tuple(replace(account, username="снегирь") for account in SOUND.accounts),
    lots=tuple(replace(lot, name="грач") for lot in SOUND.lots or ()),
    queues=("сокол",),
    members=tuple(replace(member, queue="сокол", name="чиж") for member in SOUND.members),
)


class Office:
    """`people`: who looks at the pages, by role. `row(Model)`: the one to look at."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self._rows: dict[type[Model], Model] = {}
        self.pbx = self._made(factories.PbxFactory(name="Гвоздика"))
        self._people()
        self._customers()
        self._calls()
        self._assignment()
        self._jobs()
        self._of_libraries()
        for model in MODELS:
            if model not in self._rows:
                self._made(make(model))

    def row(self, model: type[Model]) -> Any:
        """The row of this kind."""
        return self._rows[model]

    def client(self, who: str, language: str) -> Client:
        """Their browser: logged in, unless nobody of the office is meant."""
        client = Client(headers={"Accept-Language": language})
        if who in self.people:
            client.force_login(self.people[who])
            AccessLog.objects.update(**NO_HEADERS)  # axes writes “<unknown>” for the log-in of a test
        return client

    def finish_steps(self) -> None:
        """Every step of the assistant is open: the one before it is done."""
        services.accept_agreement(by=self.people["administrator"])
        for step in ORDER[2:]:
            services.finish(step=step, by=self.people["administrator"], seen=None)

    def words(self) -> set[str]:
        """Russian words of all rows, and people's initials: on an English page they are data."""
        found = {f"{user.first_name[:1]}{user.last_name[:1]}" for user in PanelUser.objects.all()}
        for model in apps.get_models():
            for row in model._default_manager.values_list():
                found.update(word for value in row if _holds_words(value) for word in russian_words(str(value)))
        return found

    def _made(self, row: Any) -> Any:
        self._rows[type(row)] = row
        return row

    def _people(self) -> None:
        department = self._made(factories.DepartmentFactory(name="Снегири"))
        common: dict[str, Any] = {"pbx": self.pbx, "department": department, "patronymic": ""}
        user = factories.PanelUserFactory
        self.people: dict[str, PanelUser] = {
            "administrator": user(admin=True, number="100", username="гусев", last_name="Гусев", **common),
            "supervisor": user(supervisor=True, number="101", username="уткин", last_name="Уткин", **common),
            "operator": user(number="102", mobile="+79161112233", username="чижов", last_name="Чижов", **common),
            "newcomer": user(in_use=False, username="дроздов", last_name="Дроздов", **common),
        }
        self._made(self.people["operator"])
        self._made(Group.objects.create(name="Голуби"))
        self._made(factories.PhoneContactFactory(pbx=self.pbx, number="102", user_agent="Yealink 1"))

    def _customers(self) -> None:
        company = self._made(factories.CounterpartyFactory(name="Тюльпан", phone="+74951112233"))
        self._made(factories.ContactPersonFactory(counterparty=company, phone="+79161112233"))
        self.archived = [factories.CounterpartyFactory(name="Мимоза", archived=True, phone="+74951114455 доб. 12")]
        self._made(factories.ContactInfoKindFactory())
        self._of_a_source()
        self._made(factories.CardLinkFactory(name="Незабудка", template="https://10.0.0.1/{digits}"))
        self._doubles()
        plan = self._made(factories.NumberingPlanFactory())
        factories.RewriteRuleFactory(plan=plan, name="Клевер")

    def _of_a_source(self) -> None:
        source = self._made(factories.CustomerSourceFactory())
        kept = factories.CounterpartyFactory(name="Нарцисс", source=source, external_ref="1", phone="+74951115566")
        self.of_a_source = [kept]
        self._made(factories.PendingTransferFactory(source=source, contact_info=kept.contact_info.get()))

    def _doubles(self) -> None:
        """Customers who may be one, with everything a merge can clash over."""
        pair = [factories.CounterpartyFactory(name="Василёк", note="Пион.", manager=user) for user in self.managers()]
        for row in pair:
            for value in ("+74950000001", f"+7495000010{row.pk % 10}"):
                factories.ContactInfoFactory(counterparty=row, value=value, is_main=value != "+74950000001")
        persons = [factories.ContactPersonFactory(counterparty=row, name="Скворцов") for row in pair]
        persons.append(factories.ContactPersonFactory(counterparty=pair[0], name="Скворцов"))
        self.doubles: dict[str, list[Any]] = {"counterparty": pair, "person": [persons[0], persons[2]]}
        self._made(factories.NumberPlacementFactory(counterparty=pair[1], by=self.people["operator"]))
        factories.NumberPlacementFactory(counterparty=pair[0], by=self.people["administrator"])
        self._made(factories.NotDuplicatesFactory(members=[pair[0], self.archived[0]]))

    def managers(self) -> list[PanelUser]:
        """Two who are responsible for customers."""
        return [self.people["operator"], self.people["supervisor"]]

    def _calls(self) -> None:
        call = self._made(factories.CallRecordFactory(pbx=self.pbx, participants=("+74951112233", "102")))
        factories.CallLegFactory(call=call, number="102")
        for disposition in ("missed", "abandoned", "busy", "rejected"):
            factories.CallRecordFactory(pbx=self.pbx, disposition=disposition, participants=("+74951112233", "102"))
        self._made(factories.ActionLogFactory(pbx=self.pbx, user=self.people["operator"]))
        self._made(factories.GatewayLeaseFactory(pbx=self.pbx))

    def _assignment(self) -> None:
        administrator = self.people["administrator"]
        profile = self._made(factories.ProfileFactory(name="Ласточка", softphone=True, timeout_number="90"))
        profile.users.set([self.people["operator"], self.people["supervisor"]])
        assignment = self._made(assign_profile(profile=profile, asked_by=administrator))
        tasks.run(assignment.job.pk)
        PanelUser.objects.filter(pk=self.people["operator"].pk).update(timeout_number="91")  # differs from it since

    def _jobs(self) -> None:
        self._made(factories.LicenseFactory(key_id="КЛЮЧ-1", expires=self.now + timedelta(days=5), kind="trial"))
        self.imports = [factories.UserImportFactory(state=state) for state in ("checking", "checked", "done", "failed")]
        self._made(self.imports[0])
        self._files_of_customers()
        for state in Job.State.values:
            self._made(factories.JobFactory(title="Пеликан", state=state, asked_by=self.people["administrator"]))
        found = [finding.as_json() for finding in findings(FOUND)]
        self.checks = [factories.PbxCheckFactory(pbx=self.pbx) for _ in range(2)]
        done = {"findings": found, "level": "ok", "finished": self.now, "connected": True, "version": "22.10.1"}
        type(self.checks[0]).objects.filter(pk=self.checks[0].pk).update(**done)
        self._made(self.checks[0])

    def _files_of_customers(self) -> None:
        counts = {"new": 1, "changed": 2, "same": 3, "duplicate": 1, "error": 1}
        actions = ("new", "changed", "same", "duplicate", "error")
        sample = [{"line": 2, "action": action, "name": "Клевер", "person": "", "values": []} for action in actions]
        common: dict[str, Any] = {"counts": counts, "sample": sample, "unknown": ["Цвет"], "header": ["Контрагент"]}
        make = factories.DirectoryImportFactory
        states = ("checking", "checked", "running", "done", "failed")
        self.directory_imports = [make(state=state, problem="Пусто.", **common) for state in states]
        for made in self.directory_imports:
            factories.ImportFaultFactory(directory_import=made)
            factories.ImportFaultFactory(directory_import=made, duplicate=True)
        who = self.people["administrator"]
        finished = factories.DirectoryExportFactory(asked_by=who, finished=self.now)
        self.directory_exports = [finished, factories.DirectoryExportFactory(asked_by=who)]

    def _of_libraries(self) -> None:
        visit = {"username": "чижов", "ip_address": "192.0.2.1", **NO_HEADERS}
        self._made(AccessAttempt.objects.create(failures_since_start=3, get_data="", post_data="", **visit))
        self._made(AccessLog.objects.create(**visit))
        self._made(AccessFailureLog.objects.create(**visit))
        named = {"func": "telephony.tasks", "name": "пеликан"}
        task = {"started": self.now, "stopped": self.now, "result": "пеликан", **named}
        for success in (True, False):
            Task.objects.create(id=f"{success:032d}", success=success, **task)
        for model in ("Success", "Failure"):
            self._made(apps.get_model("django_q", model).objects.get())
        self._made(Schedule.objects.create(func="telephony.tasks", name="пеликан"))
        queued = {"id": "1", "group": "пеликан", "args": (), "kwargs": {}, **named}
        self._made(OrmQ.objects.create(key="1", lock=self.now))
        OrmQ.objects.update(payload=SignedPackage.dumps(queued))  # the office's jobs too: the library invents names
        self._made(apps.get_model("auditlog", "LogEntry").objects.latest("pk"))


def _holds_words(value: Any) -> bool:
    return isinstance(value, str | dict | list)
