"""Writing the stars a user gives to colleagues."""

from astpanel.accounts.models import Favourite, PanelUser


def set_favourite(*, user: PanelUser, number: str, on: bool) -> None:
    """Star a colleague's number, or take the star away. Repeating it changes nothing."""
    if on:
        Favourite.objects.get_or_create(user=user, number=number)
    else:
        Favourite.objects.filter(user=user, number=number).delete()
