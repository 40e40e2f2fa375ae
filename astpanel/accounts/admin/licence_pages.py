"""Adding licence keys: files dropped, chosen or pasted, each with its outcome; and the trial key."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from astpanel.accounts.admin.licences import standing
from astpanel.accounts.licensing import words
from astpanel.accounts.licensing.document import LARGEST, Fault
from astpanel.accounts.licensing.selectors import protection
from astpanel.accounts.licensing.services import create_trial, install_key
from astpanel.accounts.models import License, PanelUser

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]  # generic for the type checker only
else:
    Upload = UploadedFile

MOST_FILES: Final = 20
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Added:
    """One file and what became of it."""

    name: str
    key: License | None
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The page that takes keys. Each file stands for itself: one bad file does not keep the others out."""
    by = _asker(request)
    outcomes = _take(request, by) if request.method == "POST" else []
    if outcomes and all(outcome.key for outcome in outcomes):
        for outcome in outcomes:
            messages.success(request, f"{outcome.name}: {outcome.text}")
        return redirect("admin:accounts_license_changelist")
    context = {
        **admin.site.each_context(request),
        **standing(protection(now=timezone.now()), True),
        "title": _("Add licence keys"),
        "opts": License._meta,
        "outcomes": outcomes,
        "nothing": request.method == "POST" and not outcomes,
        "most_files": MOST_FILES,
        "kib": LARGEST // 1024,
    }
    return TemplateResponse(request, "admin/licences/upload.html", context)


@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """Make the trial key of this installation."""
    by = _asker(request)
    try:
        _logged(request, create_trial(by=by))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The trial key is made and counts from now on."))
    return redirect("admin:accounts_license_changelist")


def _asker(request: HttpRequest) -> PanelUser:
    if not isinstance(request.user, PanelUser) or not request.user.has_perm("accounts.add_license"):
        raise PermissionDenied
    return request.user


def _take(request: HttpRequest, by: PanelUser) -> list[Added]:
    files = [file for file in request.FILES.getlist("files") if file]
    pasted = request.POST.get("text", "").strip()
    outcomes = [_add(request, _name(file), _read(file), by) for file in files[:MOST_FILES]]
    left = _("Not read: at most %(most)d files at once.") % {"most": MOST_FILES}
    outcomes += [Added(_name(file), None, left) for file in files[MOST_FILES:]]
    if pasted:
        outcomes.append(_add(request, _("Pasted text"), pasted.encode("utf-8", "replace"), by))
    return outcomes


def _read(file: Upload) -> bytes | None:
    """None: too large to be looked at."""
    return None if (file.size or 0) > LARGEST else file.read(LARGEST + 1)


def _name(file: Upload) -> str:
    return (file.name or "?")[:LONGEST_NAME]


def _add(request: HttpRequest, name: str, data: bytes | None, by: PanelUser) -> Added:
    if data is None:
        return Added(name, None, words.fault_text(Fault.TOO_LARGE))
    try:
        key = install_key(document=data, by=by)
    except ValidationError as error:
        return Added(name, None, " ".join(error.messages))
    _logged(request, key)
    return Added(name, key, _("The key %(key)s is added.") % {"key": key.key_id})


def _logged(request: HttpRequest, key: License) -> None:
    message: list[dict[str, Any]] = [{"added": {}}]
    admin.site.get_model_admin(License).log_addition(request, key, message)


admin.site.add_page("licences/upload/", upload, name="licence_upload")  # type: ignore[attr-defined]  # our own site
admin.site.add_page("licences/trial/", trial, name="licence_trial")  # type: ignore[attr-defined]  # our own site
