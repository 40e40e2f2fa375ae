"""Why a PBX is not live, in the reader's language: what happened, why that may be, what to do.

The codes are those of `telephony.ami.reasons.Reason` and `telephony.core.reasons.LinkReason`. Operators read `what`, an
administrator all three. The words for commands are in `reason_texts`.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ReasonText:
    """Three sentences or fewer; `why` and `act` may be empty."""

    what: str | Promise
    why: str | Promise = ""
    act: str | Promise = ""


LINK_REASONS: Final[dict[str, ReasonText]] = {
    "host_unknown": ReasonText(
        _("The PBX's host name is not known."),
        _("No address belongs to this name, or the name server does not answer."),
        _("Check the spelling of the host, or enter the IP address."),
    ),
    "host_unreachable": ReasonText(
        _("There is no way to the PBX through the network."),
        _("The network is down, or the address lies in a network that this machine has no route to."),
        _("Check the address and the network of both machines."),
    ),
    "refused": ReasonText(
        _("The PBX's machine answers, but nobody listens on this port."),
        _("Asterisk is not running, its manager interface is switched off, or the port is another one."),
        _("In manager.conf: enabled = yes, port = 5038, and a bindaddr that can be reached from here."),
    ),
    "connect_timeout": ReasonText(
        _("The PBX does not answer."),
        _("The machine is switched off, or a firewall drops the packets."),
        _("Check the address, and allow the port of the manager interface in the firewall."),
    ),
    "silent": ReasonText(
        _("Somebody accepts the connection but says nothing."),
        _("Asterisk greets at once: this is another service, or an Asterisk that hangs."),
        _("Check the port: 5038 is usual for AMI; then look at the PBX itself."),
    ),
    "closed_early": ReasonText(
        _("The PBX closed the connection before greeting."),
        _("Too many unfinished log-ins (authlimit in manager.conf), or a firewall on the PBX turns this machine away."),
        _("Allow this machine's address on the PBX, and check the port."),
    ),
    "not_asterisk": ReasonText(
        _("Another service answers on this port, not the manager interface of Asterisk."),
        "",
        _("Check the port: 5038 is usual for AMI."),
    ),
    "http_server": ReasonText(
        _("A web server answers on this port, not AMI."),
        _("8088 and 8089 are the ports of Asterisk's web server."),
        _("Choose AJAM over HTTP for this PBX, or enter the port of AMI: 5038, or 5039 with TLS."),
    ),
    "ami_port": ReasonText(
        _("AMI over TCP answers on this port, not a web server."),
        _("AJAM over HTTP is chosen for this PBX; 5038 and 5039 are ports of AMI over TCP."),
        _("Choose AMI over TCP, or enter the port of Asterisk's web server: 8088, or 8089 with TLS."),
    ),
    "ajam_missing": ReasonText(
        _("A web server answers, but it has no AJAM at this address."),
        _("AJAM is switched off on the PBX, its path has a prefix (MikoPBX: /asterisk), or the web server is another."),
        _("In manager.conf: webenabled = yes. If http.conf has a prefix, enter it here as the path before /rawman."),
    ),
    "http_redirect": ReasonText(
        _("The web server redirects to another address."),
        _("A proxy in front of the PBX may want HTTPS. The portal does not follow with a password."),
        _("Enter the address it redirects to: switch TLS on and enter that port, or enter the path before /rawman."),
    ),
    "http_error": ReasonText(
        _("The PBX's web server, or a proxy in front of it, refuses the request."),
        _("It wants a password of its own, does not allow this machine, or Asterisk behind it is not running."),
        _("Look into the log of the proxy; let the portal reach Asterisk's web server directly."),
    ),
    "tls_expected": ReasonText(
        _("This port wants an encrypted connection."),
        _("TLS is switched off in the settings of this PBX."),
        _("Switch TLS on, or enter the port without TLS."),
    ),
    "tls_not_spoken": ReasonText(
        _("This port does not speak TLS."),
        _("TLS is switched on in the settings of this PBX, but the port is an unencrypted one."),
        _("Enter the TLS port (tlsbindaddr in manager.conf), or switch TLS off."),
    ),
    "tls_untrusted": ReasonText(
        _("The PBX's certificate is not trusted."),
        _("It is self-signed or signed by a certificate authority that is not known here."),
        _("Store the certificate of that authority in the settings of the PBX."),
    ),
    "tls_expired": ReasonText(
        _("The PBX's certificate is not valid today."),
        _("It has expired or is not valid yet; or the clock of one of the machines is wrong."),
        _("Renew the certificate on the PBX and check the clocks."),
    ),
    "tls_wrong_host": ReasonText(
        _("The PBX's certificate was issued for another name."),
        "",
        _("Enter the host exactly as in the certificate, or issue a certificate for this host."),
    ),
    "tls_ca_file": ReasonText(
        _("The certificate authority stored for this PBX cannot be read."),
        _("It is not a certificate in PEM form."),
        _("Store it again: the text from BEGIN CERTIFICATE to END CERTIFICATE."),
    ),
    "tls_failed": ReasonText(
        _("No encrypted connection could be made."),
        _("The PBX offers only outdated encryption, or another service listens on the port."),
        _("Check the port and the TLS settings in manager.conf."),
    ),
    "denied": ReasonText(
        _("The PBX does not accept the AMI login."),
        _("The name or password is wrong, or manager.conf does not permit this machine's address."),
        _("Check name, password and the permit lines; after saving, the portal tries again."),
    ),
    "login_in_use": ReasonText(
        _("Somebody else is logged in to the PBX with this name."),
        _("manager.conf says allowmultiplelogin = no."),
        _("Give the portal an AMI account of its own."),
    ),
    "login_refused": ReasonText(
        _("The PBX refused the log-in."),
        _("The manager interface may not be ready yet, or it does not know this way of logging in."),
        _("The portal tries again by itself; if it stays so, look into the log of Asterisk."),
    ),
    "login_timeout": ReasonText(
        _("The PBX greeted but does not answer the log-in."),
        _("Asterisk is overloaded, hangs, or has not finished starting."),
        _("The portal tries again by itself; if it stays so, look at the PBX."),
    ),
    "lost": ReasonText(
        _("The connection to the PBX broke."),
        _("Asterisk was restarted, or the network failed."),
        _("The portal connects again by itself."),
    ),
    "deaf": ReasonText(
        _("The PBX stopped answering although it is connected."),
        _("Asterisk hangs, or the network swallows the packets."),
        _("The portal connects again by itself; if it happens often, look at the PBX and the network."),
    ),
    "resync_failed": ReasonText(
        _("The state of the PBX could not be read."),
        _("The PBX did not finish its answer, or the portal made a mistake; the log has the details."),
        _("The portal tries again by itself."),
    ),
    "closed": ReasonText(
        _("The portal has closed the connection to the PBX."),
        _("The gateway is stopping, or its settings were changed."),
    ),
    "gateway_stopped": ReasonText(
        _("The gateway to the PBX was stopped."),
        "",
        _("Start it again: manage.py run_gateway."),
    ),
    "gateway_lost": ReasonText(
        _("The gateway to the PBX does not answer."),
        _("Its process has ended or hangs, or the message layer (Redis) is away."),
        _("See whether it runs: manage.py run_gateway --status."),
    ),
}


def link_reason(code: str) -> ReasonText:
    """The words for a code; of an unknown code (a newer gateway's) the code itself."""
    return LINK_REASONS.get(code) or ReasonText(code)
