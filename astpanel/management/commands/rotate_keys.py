"""`manage.py rotate_keys`: re-encrypt stored secrets with the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from astpanel.lib.secret_rotation import rotate, secret_fields


class Command(BaseCommand):
    """Put a new key first in ASTPANEL_FIELD_KEYS, restart, run this, then take the old key out."""

    help = "Re-encrypts stored secrets with the first key of ASTPANEL_FIELD_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forget", action="store_true", help="empty the secrets that none of the keys decrypts")

    def handle(self, *args: Any, forget: bool, **options: Any) -> None:
        lost = 0
        for field in secret_fields():
            done = rotate(field, forget=forget)
            lost += 0 if forget else len(done.unreadable)
            self.stdout.write(
                f"{done.field}: {done.rotated} re-encrypted, {done.current} current, "
                f"{len(done.unreadable)} {'forgotten' if forget else 'unreadable'}"
            )
            if done.unreadable:
                self.stdout.write(f"  ids: {', '.join(map(str, done.unreadable))}")
        if lost:
            raise CommandError(f"{lost} secrets fit none of ASTPANEL_FIELD_KEYS: keep the old key, or use --forget")
