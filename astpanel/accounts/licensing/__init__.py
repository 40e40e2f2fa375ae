"""Licence keys: signed documents that say how many people may work, and until when (docs/licensing.md)."""
