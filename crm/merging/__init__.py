"""Merging of duplicates: what would be kept and moved (plan, pure), doing it (services), finding them (selectors)."""
