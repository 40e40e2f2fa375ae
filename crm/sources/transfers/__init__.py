"""Numbers placed here into the system that keeps the customers: noted in the transaction of the change, written by a
worker, and what cannot be written waits for a person («ждёт переноса»).
"""

from crm.sources.transfers.queue import enqueue, enqueue_undo, note

__all__ = ["enqueue", "enqueue_undo", "note"]
