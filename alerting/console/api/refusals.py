"""How the interface for machines says no: always a code and a sentence."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from alerting.console.api.bodies import Refusal
from schemas.errors import MonomiError

PREFIX = "/api/"
_STATUS_OF = {
    "alert_unknown": 404,
    "not_yours": 403,
    "changed_meanwhile": 409,
    "step_not_possible": 409,
}
_CODES = {
    400: "not_readable",
    401: "not_signed_in",
    403: "not_admitted",
    404: "unknown",
    405: "method_unknown",
    429: "too_often",
}
_OTHERWISE_STATUS, _OTHERWISE_CODE = 400, "refused"
_MALFORMED = 422


def refuse_in_json(app: FastAPI) -> None:
    """Let an application's interface for machines refuse with a `Refusal`, its pages as they do."""
    app.add_exception_handler(MonomiError, _ours)
    app.add_exception_handler(HTTPException, refuse_http)
    app.add_exception_handler(RequestValidationError, _of_bodies)


async def _ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, MonomiError)
    return _refusal(_STATUS_OF.get(error.code, _OTHERWISE_STATUS), error.code, error.sentence)


async def refuse_http(request: Request, error: Exception) -> Response:
    """Answer an HTTPException."""
    assert isinstance(error, HTTPException)
    if not request.url.path.startswith(PREFIX):
        return await http_exception_handler(request, error)
    code = _CODES.get(error.status_code, _OTHERWISE_CODE)
    return _refusal(error.status_code, code, error.detail, dict(error.headers or {}))


async def _of_bodies(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if not request.url.path.startswith(PREFIX):
        return await request_validation_exception_handler(request, error)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return _refusal(_MALFORMED, "malformed", f"{place}: {first['msg']}")


def _refusal(
    status: int, code: str, sentence: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse(Refusal(code=code, sentence=sentence).model_dump(), status, headers)
