"""One action as it came over the wire."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Request:
    """Header names are compared without case; `Variable` may come several times."""

    headers: dict[str, str] = field(default_factory=dict)
    variables: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    @property
    def action(self) -> str:
        """Its name as the client wrote it."""
        return self["Action"]

    def echo(self) -> list[tuple[str, str]]:
        """The ActionID for the answer, if there was one."""
        return [("ActionID", self["ActionID"])] if self["ActionID"] else []


def parse(block: bytes) -> Request:
    """Lines of `Key: value`. What is no such line is ignored, as Asterisk does."""
    request = Request()
    for line in block.decode("utf-8", "replace").split("\r\n"):
        key, colon, value = line.partition(":")
        if not colon:
            continue
        if key.strip().lower() == "variable":
            request.variables.append(value.strip())
        request.headers.setdefault(key.strip().lower(), value.strip())
    return request
