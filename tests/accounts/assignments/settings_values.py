"""Any valid settings, for hypothesis."""

from typing import Any

from hypothesis import strategies as st

from astpanel.accounts.models import CardOpens
from astpanel.accounts.settings_fields import FIELDS

small = st.integers(1, 3)
words = st.sampled_from(["", "a", "b"])
VALUES: dict[str, Any] = {
    "sip_host": words,
    "sip_port": small,
    "websocket_url": words,
    "timeout_seconds": small,
    "timeout_number": words,
    "timeout_kind": st.none() | small,
    "card_opens": st.sampled_from(CardOpens.values),
}
settings_values = st.fixed_dictionaries({name: VALUES.get(name, st.booleans()) for name in FIELDS}).filter(
    lambda values: not (values["timeout_number"] and values["timeout_kind"])
)
