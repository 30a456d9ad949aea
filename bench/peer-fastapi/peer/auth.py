"""Passwords and tokens."""

import asyncio
import base64
import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

import bcrypt
import jwt
from fastapi import Depends, Request
from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from . import settings
from .database import SignedOutSession, User, engine
from .errors import Failure

DIGEST_KEY = b"taskward password digest, version 1"
UNMATCHED = b"$2b$12$abcdefghijklmnopqrstuuGuQMKuMk7xgYPrOvg7DoBVYqKvYXyyi"

# One hash per core at a time over all workers: bcrypt releases the interpreter's lock.
hashing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bcrypt")

# Built once: SQLAlchemy then finds the compiled statement by its cache key.
IS_ALIVE = (
    select(
        exists()
        .where(SignedOutSession.user_id == User.id, SignedOutSession.id == bindparam("session"))
        .correlate(User)
    )
    .select_from(User)
    .where(User.id == bindparam("user"), User.epoch == bindparam("epoch"))
)


@dataclass(slots=True)
class Caller:
    """Whose request it is, and a connection for the rest of it."""

    user_id: UUID
    subject: str
    conn: AsyncConnection


async def verify_password(password: str, stored: str | None) -> bool:
    digest = hmac.digest(DIGEST_KEY, password.encode(), "sha256")
    text = base64.b64encode(digest).rstrip(b"=")
    hashed = stored.encode() if stored else UNMATCHED
    right = await asyncio.get_running_loop().run_in_executor(hashing, bcrypt.checkpw, text, hashed)
    return right and stored is not None


def issue(user_id: UUID, email: str, epoch: int) -> tuple[str, int]:
    now = int(time.time())
    claims = {
        "sub": str(user_id),
        "user_id": str(user_id),
        "email": email,
        "iat": now,
        "exp": now + settings.ACCESS_TOKEN_TTL,
        "iss": settings.JWT_ISSUER,
        "aud": settings.JWT_AUDIENCE,
        "sid": str(uuid4()),
        "epoch": epoch,
    }
    return jwt.encode(claims, settings.JWT_SECRET, algorithm="HS256", headers={"typ": "at+jwt"}), claims["exp"]


def verify_token(request: Request) -> dict:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Failure.unauthorized(token_sent=False)
    try:
        return jwt.decode(
            token,
            settings.JWT_SECRET,
            algorithms=["HS256"],
            audience=settings.JWT_AUDIENCE,
            issuer=settings.JWT_ISSUER,
            options={"require": ["exp", "iat", "sub", "sid", "epoch"]},
        )
    except jwt.PyJWTError:
        raise Failure.unauthorized(token_sent=True) from None


async def owner(user_id: str, request: Request):
    """The caller, if the token is good, its session has not been ended, and the path is the caller's."""
    claims = verify_token(request)
    async with engine.connect() as conn:
        parameters = {"user": UUID(claims["sub"]), "session": UUID(claims["sid"]), "epoch": claims["epoch"]}
        signed_out = (await conn.execute(IS_ALIVE, parameters)).scalar_one_or_none()
        if signed_out is not False:
            raise Failure.unauthorized(token_sent=True)
        if user_id != claims["sub"]:
            raise Failure.forbidden()
        yield Caller(parameters["user"], user_id, conn)


Owner = Annotated[Caller, Depends(owner)]
