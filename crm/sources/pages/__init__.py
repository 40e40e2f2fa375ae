"""Pages of the source of customers in the admin: field map, loading, users, what was refused."""
