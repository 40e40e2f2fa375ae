"""Other systems."""

import factory
from factory.django import DjangoModelFactory

from astpanel.api.models import ApiClient, Scope


class ApiClientFactory(DjangoModelFactory[ApiClient]):
    """A row without a usable token; `astpanel.api.services` makes one with it."""

    class Meta:
        model = ApiClient

    name = factory.Sequence("Система {}".format)
    prefix = factory.Sequence("ap_{:08d}".format)
    digest = factory.Sequence("{:064x}".format)
    scopes = factory.LazyFunction(lambda: [Scope.CALLER.value])
