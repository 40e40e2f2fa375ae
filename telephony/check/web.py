"""Looks at the PBX's web server from here: AJAM, recordings over ARI, the WebSocket of browser phones."""

import ssl
from dataclasses import replace
from typing import Final

import httpx

from telephony.ami.dial import ConnectFailed, tls_context
from telephony.check.asking import Asking
from telephony.check.facts import WebFacts
from telephony.check.target import Target

SECONDS: Final = 5.0
TRUE: Final = frozenset({"yes", "true", "y", "t", "1", "on"})  # Asterisk's ast_true
_UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "YXN0cGFuZWwtcGJ4LWNoZQ==",  # any 16 bytes; nothing is said over it
    "Sec-WebSocket-Protocol": "sip",
}


async def look_at_web(asking: Asking, target: Target) -> WebFacts:
    """Where http.conf says, else at the usual ports. The built-in PBX has no web server."""
    if target.kind == "demo":
        return WebFacts()
    facts, candidates = await _where(asking, target)
    verify: ssl.SSLContext | bool = True
    if target.main.tls:
        try:
            verify = tls_context(target.main)
        except ConnectFailed:
            return facts
    elif not target.main.tls_verify:
        verify = False
    async with httpx.AsyncClient(timeout=SECONDS, verify=verify, trust_env=False, follow_redirects=False) as client:
        for url, certain in candidates:
            server = await _server(client, url)
            if server is not None and (certain or "asterisk" in server.lower()):
                return await _parts(client, replace(facts, url=url, reachable=True))
    return replace(facts, url=candidates[0][0] if candidates else "", reachable=False if candidates else None)


async def _where(asking: Asking, target: Target) -> tuple[WebFacts, list[tuple[str, bool]]]:
    """What the configuration says, and the addresses to try: address, whether it is known to be the PBX's."""
    enabled = _flag(await asking.setting("http.conf", "general", "enabled"))
    webenabled = _flag(await asking.setting("manager.conf", "general", "webenabled"))
    prefix = await asking.setting("http.conf", "general", "prefix") or target.http_prefix
    prefix = "/" + prefix.strip("/") if prefix.strip("/") else ""
    host = f"[{target.main.host}]" if ":" in target.main.host else target.main.host
    ari = bool(await asking.setting("ari.conf", "general", "enabled"))
    plain = await asking.setting("http.conf", "general", "bindport")
    bound = bool(await asking.setting("http.conf", "general", "bindaddr"))
    facts = WebFacts(
        enabled=enabled,
        address_set=bound,
        port_set=bool(plain),
        prefix=prefix,
        webenabled=webenabled,
        ari_section=ari,
    )
    if target.transport == "ajam":
        scheme = "https" if target.main.tls else "http"
        return facts, [(f"{scheme}://{host}:{target.main.port}{prefix}", True)]
    if enabled is False:
        return facts, []
    secure = _flag(await asking.setting("http.conf", "general", "tlsenable"))
    tls_port = (await asking.setting("http.conf", "general", "tlsbindaddr")).rpartition(":")[2]
    known = enabled is True
    candidates = [(f"http://{host}:{_port(plain, 8088)}{prefix}", known)]
    if secure or not known:
        candidates.append((f"https://{host}:{_port(tls_port, 8089)}{prefix}", bool(secure)))
    return facts, candidates


def _flag(text: str) -> bool | None:
    return text.lower() in TRUE if text else None


def _port(text: str, usual: int) -> int:
    return int(text) if text.isdecimal() and 0 < int(text) < 65536 else usual


async def _server(client: httpx.AsyncClient, url: str) -> str | None:
    """The Server header of whatever answers; None: nobody does."""
    try:
        async with client.stream("GET", f"{url}/") as answer:
            return str(answer.headers.get("server", ""))
    except (httpx.HTTPError, httpx.InvalidURL):
        return None


async def _parts(client: httpx.AsyncClient, facts: WebFacts) -> WebFacts:
    rawman = await _status(client, f"{facts.url}/rawman?action=Ping")
    stored = await _status(client, f"{facts.url}/ari/recordings/stored")
    socket = await _status(client, f"{facts.url}/ws", _UPGRADE)
    return replace(
        facts,
        ajam=None if rawman is None else rawman == 200,
        ari=None if stored is None else stored in (200, 401, 403),
        websocket=None if socket is None else socket == 101,
    )


async def _status(client: httpx.AsyncClient, url: str, headers: dict[str, str] | None = None) -> int | None:
    """The status alone; the body is not read: who answers is not known yet."""
    try:
        async with client.stream("GET", url, headers=headers) as answer:
            return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
