"""Why a link is not up, as codes. The words for people: `telephony/live/reasons.py`, one entry each."""

from enum import StrEnum


class Reason(StrEnum):
    """The last thing that went wrong; `NONE` while nothing did."""

    NONE = ""
    # No connection
    HOST_UNKNOWN = "host_unknown"  # the name has no address
    HOST_UNREACHABLE = "host_unreachable"  # no route, network down
    REFUSED = "refused"  # the machine answers, nobody listens on the port
    CONNECT_TIMEOUT = "connect_timeout"  # packets vanish: machine off or a firewall
    # Somebody else answers
    SILENT = "silent"  # connected, but no greeting
    CLOSED_EARLY = "closed_early"  # closed before the greeting: authlimit, TCP wrapper, firewall
    NOT_ASTERISK = "not_asterisk"  # another greeting
    HTTP_SERVER = "http_server"  # AMI was asked for: a web server, for example Asterisk's own on 8088
    # Over HTTP
    AMI_PORT = "ami_port"  # AJAM was asked for: the port speaks AMI over TCP
    AJAM_MISSING = "ajam_missing"  # a web server without AJAM at this path: webenabled = no, or another prefix
    HTTP_REDIRECT = "http_redirect"  # a web server that sends us elsewhere; we do not follow with a password
    HTTP_ERROR = "http_error"  # a web server or proxy that refuses or fails: 401, 403, 5xx, no HTTP after all
    # TLS
    TLS_EXPECTED = "tls_expected"  # we spoke plainly, the port wants TLS
    TLS_NOT_SPOKEN = "tls_not_spoken"  # we spoke TLS, the port is plain
    TLS_UNTRUSTED = "tls_untrusted"  # the certificate is not signed by a known CA
    TLS_EXPIRED = "tls_expired"  # not valid now
    TLS_WRONG_HOST = "tls_wrong_host"  # issued for another name
    TLS_CA_FILE = "tls_ca_file"  # our own CA file is missing or unreadable
    TLS_FAILED = "tls_failed"  # any other handshake failure
    # Login
    DENIED = "denied"  # name, secret or permit/deny; Asterisk does not say which. Not tried again
    LOGIN_IN_USE = "login_in_use"  # allowmultiplelogin=no and somebody is logged in
    LOGIN_REFUSED = "login_refused"  # any other error at login
    LOGIN_TIMEOUT = "login_timeout"
    # Later
    LOST = "lost"  # the connection dropped
    DEAF = "deaf"  # still connected, but the watchdog's ping got no answer
    RESYNC_FAILED = "resync_failed"  # the state of the PBX could not be read
    CLOSED = "closed"  # by us: the gateway is stopping
