"""The one form that every failure has."""

from uuid import uuid4

import orjson
from fastapi import Request, Response


class Failure(Exception):
    """Becomes an answer."""

    def __init__(self, status: int, title: str, code: str, detail: str, headers: dict[str, str] | None = None):
        self.status = status
        self.title = title
        self.code = code
        self.detail = detail
        self.headers = headers

    @classmethod
    def unauthorized(cls, *, token_sent: bool) -> "Failure":
        challenge = 'Bearer realm="taskward"' + (', error="invalid_token"' if token_sent else "")
        detail = "A valid access token is required"
        return cls(401, "Unauthorized", "UNAUTHORIZED", detail, {"www-authenticate": challenge})

    @classmethod
    def wrong_credentials(cls) -> "Failure":
        detail = "Wrong email or password"
        headers = {"www-authenticate": 'Bearer realm="taskward"'}
        return cls(401, "Unauthorized", "INVALID_CREDENTIALS", detail, headers)

    @classmethod
    def forbidden(cls) -> "Failure":
        return cls(403, "Forbidden", "FORBIDDEN", "Access denied")

    @classmethod
    def not_found(cls) -> "Failure":
        return cls(404, "Not Found", "NOT_FOUND", "Not found")


async def answer(_: Request, failure: Failure) -> Response:
    problem = {
        "type": "about:blank",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        "success": False,
        "error": {"code": failure.code, "message": failure.detail},
        "request_id": str(uuid4()),
    }
    return Response(orjson.dumps(problem), failure.status, failure.headers, "application/problem+json")
