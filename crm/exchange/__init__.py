"""Customers as files: import with a dry run, export of what can be imported again."""
