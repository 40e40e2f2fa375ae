"""What the portal knows about customers, and how to reach them and ourselves."""

from crm.models.contact_info import ContactInfo
from crm.models.customers import ContactPerson, Counterparty
from crm.models.kinds import AddressType, ContactInfoKind

__all__ = ["AddressType", "ContactInfo", "ContactInfoKind", "ContactPerson", "Counterparty"]
