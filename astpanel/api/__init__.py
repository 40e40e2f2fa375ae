"""The interface for other systems: clients with tokens, scopes and limits, and one page that describes it all."""
