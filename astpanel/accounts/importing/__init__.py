"""Users from files and from the PBX: read, checked, shown, and only then written."""
