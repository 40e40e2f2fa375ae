"""Customers of another system into the directory: read into the local index first, applied to the directory then."""
