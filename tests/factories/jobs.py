"""Work in the background."""

import factory
from factory.django import DjangoModelFactory

from astpanel.jobs.models import Job
from tests.factories.accounts import PanelUserFactory


class JobFactory(DjangoModelFactory[Job]):
    class Meta:
        model = Job

    kind = "assign_profile"
    title = "Назначение профиля"
    function = "builtins.print"
    asked_by = factory.SubFactory(PanelUserFactory)
