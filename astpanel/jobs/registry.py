"""Which functions a job may call: those that say so themselves, in (or imported by) an app's `tasks` module."""

from collections.abc import Callable
from typing import Any, Final

from astpanel.jobs.models import Job

JobFunction = Callable[[Job], dict[str, Any] | None]

_functions: Final[dict[str, JobFunction]] = {}


class UnknownFunctionError(LookupError):
    """The path names no registered function: a typing error, or a row that somebody wrote past the product."""


def job_function(function: JobFunction) -> JobFunction:
    """Decorator: this function may be the work of a job, under its dotted path."""
    _functions[path_of(function)] = function
    return function


def path_of(function: JobFunction) -> str:
    """The dotted path under which a job keeps the function."""
    return f"{function.__module__}.{function.__qualname__}"


def function_of(path: str) -> JobFunction:
    """The function; nothing is imported on a row's word. Raises UnknownFunctionError."""
    try:
        return _functions[path]
    except KeyError:
        raise UnknownFunctionError(path) from None
