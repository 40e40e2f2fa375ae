"""Cards edited in place: one small change at a time, never over what somebody else has written meanwhile.

A form carries the `token` of what its user saw. When the row says something else by now, nothing is written and
ConflictError brings what it says: the page shows both.
"""

from crm.editing.customers import FIELDS, KEPT_BY_SOURCE, add_person, change_customer, customer_token
from crm.editing.problems import ConflictError, GoneError, KeptBySourceError, SeveralNumbersError
from crm.editing.rows import Typed, add_row, change_row, delete_row, make_main, row_token

__all__ = [
    "FIELDS",
    "KEPT_BY_SOURCE",
    "ConflictError",
    "GoneError",
    "KeptBySourceError",
    "SeveralNumbersError",
    "Typed",
    "add_person",
    "add_row",
    "change_customer",
    "change_row",
    "customer_token",
    "delete_row",
    "make_main",
    "row_token",
]
