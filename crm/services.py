"""What is written about contact information."""

from crm.models import AddressType, ContactInfo, ContactInfoKind

INTERNAL_NAME = "Внутренний"  # as the manual names it, whatever language the interface speaks


def internal_kind() -> ContactInfoKind:
    """The kind that means internal numbers («Вид внутреннего номера»); made when there is none yet."""
    kinds = ContactInfoKind.objects.filter(owner=ContactInfoKind.Owner.USER, type=AddressType.INTERNAL)
    if (kind := kinds.first()) is not None:
        return kind
    kind, _ = ContactInfoKind.objects.get_or_create(
        owner=ContactInfoKind.Owner.USER, name=INTERNAL_NAME, defaults={"type": AddressType.INTERNAL}
    )
    return kind


def set_main(*, row: ContactInfo) -> None:
    """«Назначить основным»: the owner's other values of the type are main no longer."""
    row.is_main = True
    row.save(update_fields=["is_main"])
