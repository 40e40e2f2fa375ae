"""The jobs app: work that takes longer than a page."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Registered in settings.INSTALLED_APPS."""

    name = "astpanel.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Every app's `tasks` module is read, so that its functions are known; workers look at the schedules."""
        from django_q.signals import post_spawn  # noqa: PLC0415 - only now are the apps ready

        from astpanel.jobs.schedules import ensure, schedule  # noqa: PLC0415 - the same

        autodiscover_modules("tasks")
        schedule(name="jobs.resume_stale", function="astpanel.jobs.tasks.resume_stale", minutes=1)
        post_spawn.connect(ensure, dispatch_uid="jobs.schedules")
