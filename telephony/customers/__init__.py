"""Customers on the operator's pages: the card behind every name, and «Добавить номер». The directory is in crm."""
