"""The directory for other systems: what goes in, what comes out, who calls."""
