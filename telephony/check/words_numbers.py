"""Words of the findings about internal numbers, hints and phones."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from telephony.check.words_parts import Words

NUMBERS: Final[dict[str, Words]] = {
    "hints_ok": Words(
        _("Every internal number has its hint"),
        _("Colours and “do not disturb” work. Numbers checked: %(count)s."),
    ),
    "number_unknown": Words(
        _("The PBX does not know these numbers: %(numbers)s"),
        _("There is neither a phone nor a hint nor a line of the dialplan for them."),
        _("Correct the numbers of the users, or create the numbers on the PBX."),
    ),
    "hint_missing": Words(
        _("No hint for: %(numbers)s"),
        _("Their colour in the panel is not known: hints tell whether a phone is off, free or ringing."),
        _("Add the lines to the dialplan."),
    ),
    "hint_pattern": Words(
        _("Only a pattern stands for the hint of: %(numbers)s"),
        _(
            "Asterisk lists such a hint only after somebody has asked for that number: after a restart colours are "
            "missing."
        ),
        _("Write one hint for each number."),
    ),
    "hint_without_device": Words(
        _("The hint names no phone: %(numbers)s"),
        _("It consists of switches only, so it does not tell whether the phone is off, free or ringing."),
        _("Put these lines in place of the old ones."),
    ),
    "hint_device_unknown": Words(
        _("The hint names a phone that the PBX does not know: %(numbers)s"),
        _("Devices without a configuration: %(devices)s. These numbers look switched off for ever."),
        _("Correct the device in the hint, or create the phone on the PBX."),
    ),
    "hint_without_dnd": Words(
        _("The hint does not show “do not disturb”: %(numbers)s"),
        _("Colleagues and other phones would not see that somebody does not want to be disturbed."),
        _("Put these lines in place of the old ones."),
    ),
    "number_not_dialable": Words(
        _("From the context “%(context)s” one cannot dial: %(numbers)s"),
        _("Click to dial and transfers to them would fail."),
        _("Check the dialling context at the PBX here and the dialplan on the PBX."),
    ),
    "own_number_on": Words(_("Your phone %(number)s is registered")),
    "own_number_off": Words(
        _("The phone %(number)s is not registered on the PBX"),
        _("Your own number is checked to see that the right PBX was reached and that calls will find you."),
        _("Switch the phone on, or correct your internal number."),
    ),
    "phones_off": Words(
        _("Phones that are off now: %(numbers)s"),
        _("They are not registered on the PBX; nothing is wrong if nobody works there at this hour."),
    ),
    "contacts_ok": Words(
        _("Registered phones: %(count)s"),
        _("Models: %(models)s."),
    ),
    "contacts_none": Words(
        _("No phone is registered on the PBX"),
        _("Nobody could be called."),
    ),
    "contacts_unreachable": Words(
        _("Registered, but they do not answer the PBX: %(phones)s"),
        _("The phone was switched off without logging out, or the network between lets nothing through."),
        _("Look at these phones."),
    ),
    "contacts_unknown": Words(
        _("Models of the phones are not known"),
        _("An account with write=system may ask for them; answering a desk phone from the page needs it too."),
        _("Add the account for phones and enter it at the PBX here."),
    ),
}
