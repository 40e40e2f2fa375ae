"""What the live edge itself finds wrong, as codes."""

from enum import StrEnum


class EdgeReason(StrEnum):
    """Reasons of `error` frames and of outcomes that the web process decides."""

    # commands
    TOO_MANY_COMMANDS = "too_many_commands"
    DUPLICATE_COMMAND = "duplicate_command"  # the id is of a command under way on this socket
    GATEWAY_SILENT = "gateway_silent"  # no outcome within the deadline
    # bad messages
    TOO_MANY_MESSAGES = "too_many_messages"
    BINARY = "binary"
    NOT_JSON = "not_json"
    UNKNOWN_MESSAGE = "unknown_message"
    BAD_FIELDS = "bad_fields"
    UNKNOWN_AUDIENCE = "unknown_audience"
    UNKNOWN_COMMAND = "unknown_command"
    BAD_ACK = "bad_ack"
