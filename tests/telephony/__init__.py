"""Pages and selectors of telephony."""
