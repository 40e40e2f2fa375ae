"""Which system holds the customers: asks it, or judges by its name."""

from crm.sources.client import OneC
from crm.sources.odata import Connection, NoAccessError
from crm.sources.signature import Identification, Verdict, by_name, by_objects, together


def identify(connection: Connection | None, *, name: str = "", version: str = "") -> Identification:
    """Over OData where there is an address, by the name where one was typed, or by both. Takes up to minutes.

    With neither: unknown, with everything to choose from.
    """
    named = by_name(name, version) if name.strip() else None
    if connection is None or not connection.url.strip():
        return named or by_name("")
    try:
        with OneC(connection) as onec:
            metadata = onec.metadata()
    except NoAccessError as error:
        return Identification(Verdict.NO_ACCESS, named.candidates if named else (), problem=error.problem)
    return together(by_objects(metadata), named)
