"""What the portal knows about customers, and how to reach them and ourselves."""

from crm.models.contact_info import ContactInfo
from crm.models.customers import ContactPerson, Counterparty
from crm.models.kinds import AddressType, ContactInfoKind
from crm.models.numbering import NumberingPlan, RewriteRule
from crm.models.sources import CustomerSource

__all__ = [
    "AddressType",
    "ContactInfo",
    "ContactInfoKind",
    "ContactPerson",
    "Counterparty",
    "CustomerSource",
    "NumberingPlan",
    "RewriteRule",
]
