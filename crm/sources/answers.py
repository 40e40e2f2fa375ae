"""What 1C answered, judged: rows, or one code with 1C's own words."""

import json
import unicodedata
from typing import Any, Final

import httpx

from crm.sources.odata import NoAccessError, Problem

LONGEST_DETAIL: Final = 300  # characters of 1C's own words
CODES: Final = {  # 1C's own, whatever the status; lacking rights come with 401 though log-in and password are right
    "8": Problem.NOT_SELECTED,
    "9": Problem.GONE,
    "19": Problem.NO_METHOD,
    "20": Problem.FORBIDDEN,
}
STATUS: Final = {
    401: Problem.DENIED,
    403: Problem.FORBIDDEN,
    404: Problem.NOT_PUBLISHED,
    405: Problem.NO_METHOD,
    406: Problem.NO_SESSION,
    408: Problem.TIMEOUT,
    409: Problem.CHANGED,
    412: Problem.CHANGED,
    413: Problem.TOO_LARGE,
    504: Problem.TIMEOUT,
}
Row = dict[str, Any]


class SourceError(NoAccessError):
    """One request did not work. `entity`: of what; `detail`: 1C's own words, cleaned, for the administrator."""

    def __init__(self, problem: Problem, entity: str = "", detail: str = "") -> None:
        super().__init__(problem)
        self.entity, self.detail = entity, detail

    def __str__(self) -> str:
        return " ".join(part for part in (self.problem.value, self.entity, self.detail) if part)


def read_answer(response: httpx.Response, body: bytes, entity: str) -> Row:
    """The JSON object of a good answer, `{}` if it has none. Raises SourceError."""
    status = response.status_code
    if response.is_redirect:
        raise SourceError(Problem.MOVED, entity)
    said = told_error(body)
    if said is not None or status >= 400:
        code, words = said or ("", "")
        raise SourceError(_problem(status, code, told=said is not None), entity, words)
    if not body.strip() and status in {200, 201, 204}:
        return {}
    if "html" in response.headers.get("Content-Type", "").lower():
        raise SourceError(Problem.NOT_ODATA, entity)
    try:
        answer = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise SourceError(Problem.BAD_JSON, entity) from None
    if not isinstance(answer, dict):
        raise SourceError(Problem.NOT_ODATA, entity)
    return answer


def rows_of(answer: Row, entity: str) -> list[Row]:
    """The rows of a list. Raises SourceError when it is none."""
    rows = answer.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(Problem.NOT_ODATA, entity)
    return rows


def told_error(body: bytes) -> tuple[str, str] | None:
    """Code and words of `{"odata.error": {"code", "message": {"value"}}}`; None when the answer is something else."""
    if b"odata.error" not in body[:200]:
        return None
    try:
        error = json.loads(body.decode("utf-8-sig"))["odata.error"]
        message = error.get("message")
        words = message.get("value", "") if isinstance(message, dict) else message
        return str(error.get("code", "")), cleaned(str(words or ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def cleaned(words: str) -> str:
    """One short line without control and direction characters."""
    plain = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in words[: LONGEST_DETAIL * 4])
    line = " ".join(plain.split())
    return line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"


def _problem(status: int, code: str, *, told: bool) -> Problem:
    if code in CODES:
        return CODES[code]
    if status in STATUS and not (status == 404 and told):
        return STATUS[status]
    return Problem.REJECTED if 400 <= status < 500 else Problem.SERVER_ERROR
