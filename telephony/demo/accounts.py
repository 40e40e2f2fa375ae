"""The three log-ins of the demo. They exist only where ASTPANEL_DEMO is on, and their passwords are no secret."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What the log-in page and the console show."""

    username: str
    password: str
    title: Promise | str


DEMO_ACCOUNTS: Final = (
    DemoAccount("operator", "operator-demo", _("Operator")),
    DemoAccount("supervisor", "supervisor-demo", _("Supervisor")),
    DemoAccount("admin", "admin-demo", _("Administrator")),
)


def shown_accounts() -> tuple[DemoAccount, ...]:
    """For the log-in page: nothing unless this is a demo."""
    return DEMO_ACCOUNTS if settings.DEMO else ()
