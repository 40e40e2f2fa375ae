"""What every test run has: the list of what was left out, and the rule that CI leaves nothing out."""

from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter

from tests.left_out import PREFIX, in_ci

EXCUSED = " [excused]"


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").removeprefix(PREFIX)


class LeftOut:
    """Counts skipped tests by reason; under xdist it sees the reports of all workers."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def _add(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.reasons[_reason(report)] += 1  # type: ignore[arg-type]  # both reports carry longrepr alike

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of a test is over."""
        self._add(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module is collected, or was left out as a whole."""
        self._add(report)

    def failures(self) -> list[str]:
        """Reasons that CI does not accept."""
        return [reason for reason in self.reasons if in_ci() and not reason.endswith(EXCUSED)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A skip of any kind turns a green CI run red."""
        if self.failures() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Say at the end what this machine could not run."""
        if not self.reasons:
            return
        terminalreporter.section("left out and why", sep="-", yellow=True)
        for reason, count in sorted(self.reasons.items()):
            terminalreporter.write_line(f"{count:5} test{'s' if count > 1 else ''}: {reason}")
        if self.failures():
            terminalreporter.write_line("CI=true: leaving tests out is a failure", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Licences signed by the tests count. Only the process that talks to the terminal counts what was left out."""
    from tests.licences import trust_test_keys  # noqa: PLC0415 - this file may be loaded before Django is set up

    trust_test_keys()
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LeftOut(), "astpanel-left-out")


@pytest.fixture(autouse=True)
def no_language_of_another_test() -> None:
    """A page asked for through Django's client leaves its language active in the thread."""
    from django.utils import translation  # noqa: PLC0415 - as above

    translation.deactivate()


@pytest.fixture(autouse=True)
def no_rules_of_another_test() -> None:
    """Number rules are kept for the process; a test's end rolls back the rows they came from."""
    from crm.number_rules import CACHE  # noqa: PLC0415 - as above

    CACHE.forget()


@pytest.fixture(autouse=True)
def no_licences_of_another_test() -> None:
    """They too are kept for the process."""
    from astpanel.accounts.licensing.access import keeper  # noqa: PLC0415 - as above

    keeper.forget()


@pytest.fixture
def rules_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that count queries: the number rules are known already, and long enough. Needs the database."""
    from crm.number_rules import CACHE  # noqa: PLC0415 - as above

    monkeypatch.setattr(CACHE, "fresh_for", 3600.0)
    CACHE.get()
