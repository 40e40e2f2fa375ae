"""What the portal knows about customers, and how to reach them and ourselves."""

from crm.models.card_links import CardLink
from crm.models.changes import DirectoryChange
from crm.models.contact_info import ContactInfo
from crm.models.customers import ContactPerson, Counterparty
from crm.models.imports import DirectoryExport, DirectoryImport, ImportFault
from crm.models.journal import MergeRecord, NumberPlacement
from crm.models.kinds import AddressType, ContactInfoKind
from crm.models.mirror import SourceRow
from crm.models.numbering import NumberingPlan, RewriteRule
from crm.models.sources import CustomerSource
from crm.models.synchronisation import PendingTransfer, RefusedRow, SourceImport, SourceUser
from crm.models.told_apart import NotDuplicates

__all__ = [
    "AddressType",
    "CardLink",
    "ContactInfo",
    "ContactInfoKind",
    "ContactPerson",
    "Counterparty",
    "CustomerSource",
    "DirectoryChange",
    "DirectoryExport",
    "DirectoryImport",
    "ImportFault",
    "MergeRecord",
    "NotDuplicates",
    "NumberPlacement",
    "NumberingPlan",
    "PendingTransfer",
    "RefusedRow",
    "RewriteRule",
    "SourceImport",
    "SourceRow",
    "SourceUser",
]
