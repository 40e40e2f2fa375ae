"""Words of the findings about log-in, version and rights."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from telephony.check.words_parts import Words

ACCESS: Final[dict[str, Words]] = {
    "connected": Words(
        _("Connected: Asterisk %(version)s"),
        _("The PBX accepts the log-in: %(accounts)s."),
    ),
    "version_dangerous": Words(
        _("Asterisk %(version)s lets an account with “originate” run code on the PBX (CVE-2024-42365)"),
        _(
            "Whoever learns the password of such an account owns the PBX. A distribution may have patched an old "
            "version by itself; that cannot be seen from outside."
        ),
        _(
            "Update Asterisk to 18.24.2, 20.9.2, 21.4.2 or newer. Until then let AMI be reached over loopback, a VPN "
            "or TLS only."
        ),
    ),
    "version_ended": Words(
        _("Asterisk %(version)s is no longer maintained (since %(day)s)"),
        _("New security holes stay open."),
        _("Plan the move to a version with long support."),
    ),
    "right_missing": Words(
        _("The account %(account)s may not: %(features)s"),
        _("In manager.conf its line “write” lacks: %(classes)s."),
        _(
            "Add the lines. Rights count from the next log-in: then switch the PBX off and on here (field “enabled”), "
            "or restart the gateway."
        ),
    ),
    "module_missing": Words(
        _("The PBX does not offer: %(features)s"),
        _("The account has the right, but Asterisk does not know these actions: %(actions)s. A module is not loaded."),
        _("Load the module on the PBX if this is needed."),
    ),
    "read_missing": Words(
        _("The account %(account)s is not told of everything"),
        _("In manager.conf its line “read” lacks: %(classes)s. Calls or states would be missing from the panel."),
        _("Add the lines."),
    ),
    "reads_too_much": Words(
        _("The account %(account)s is told more than the portal reads"),
        _("Events of these classes are sent for nothing and cost the PBX time: %(classes)s."),
        _("Add the lines."),
    ),
    "filters_hide": Words(
        _("A filter of the account %(account)s hides events that the portal needs"),
        _("Lines of manager.conf: %(filters)s. They keep back: %(events)s."),
        _("Remove these lines “eventfilter” from manager.conf, then: manager reload."),
    ),
    "one_account": Words(
        _("One AMI account does everything"),
        _(
            "The account that is always connected can also place calls. Three accounts are safer: one listens, one "
            "acts, one serves the phones."
        ),
        _("If you like: add the three accounts, give each a password of its own, and enter them at the PBX here."),
    ),
    "context_missing": Words(
        _("The dialling context “%(context)s” does not exist on the PBX"),
        _("Click to dial would lead nowhere. Contexts of the PBX: %(contexts)s."),
        _("Enter the context that phones dial from at the PBX here, field “dialling context”."),
    ),
    "clock_differs": Words(
        _("The clocks of the PBX and of the portal differ by %(seconds)s s"),
        _("Times of calls would be wrong, and recordings hard to find."),
        _("Switch on time synchronisation (NTP) on both machines."),
    ),
    "channelvars": Words(
        _("The PBX adds channel variables to every event"),
        _("manager.conf has channelvars = %(value)s: each event grows, and what the variables hold is sent along."),
        _("If nobody else needs it, remove the line channelvars from manager.conf."),
    ),
}
