"""The endpoints."""

import time
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from os import urandom
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import FastAPI, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy import Row, bindparam, case, insert, not_, select, update

from . import errors
from .auth import Owner, issue, verify_password
from .database import Task, User, engine
from .errors import Failure


@asynccontextmanager
async def lifespan(_: FastAPI):
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan, exception_handlers={Failure: errors.answer})

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(max_length=1000)]


class CreateTask(BaseModel):
    title: Title
    description: Description | None = None


class Credentials(BaseModel):
    email: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=255)]
    password: Annotated[str, StringConstraints(min_length=8, max_length=128)]


# Columns rather than mapped objects: there is no unit of work here, and an object costs several times a row. Built once,
# so that SQLAlchemy finds each compiled statement by its cache key.
COLUMNS = (
    Task.id,
    Task.title,
    Task.description,
    Task.completed,
    Task.version,
    Task.created_at,
    Task.updated_at,
    Task.due_order,
    Task.due_zone,
    Task.priority,
    Task.tags,
    Task.list_id,
    Task.position,
    Task.parent_id,
    Task.subtasks_total,
    Task.subtasks_completed,
    Task.recurrence,
    Task.completed_at,
    Task.deleted_at,
)
LIVE = Task.deleted_at.is_(None)
LIST = select(*COLUMNS).where(Task.owner_id == bindparam("owner"), LIVE).order_by(Task.created_at.desc(), Task.id.desc())
ONE = select(*COLUMNS).where(Task.owner_id == bindparam("owner"), Task.id == bindparam("task"), LIVE)
CREATE = insert(Task).returning(*COLUMNS)
TOGGLE = (
    update(Task)
    .where(Task.owner_id == bindparam("owner"), Task.id == bindparam("task"), LIVE)
    .values(
        completed=not_(Task.completed),
        completed_at=case((Task.completed, None), else_=bindparam("now")),
        version=Task.version + 1,
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS)
)
BY_EMAIL = select(User.id, User.email, User.name, User.password_hash, User.epoch, User.created_at).where(
    User.email == bindparam("email"), User.password_hash.is_not(None)
)


def uuid7() -> UUID:
    """RFC 9562 §5.7."""
    value = time.time_ns() // 1_000_000 << 80 | int.from_bytes(urandom(10))
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def due(order: int, zone: str | None) -> dict:
    date, time = divmod(order, 10_000)
    due = {"date": f"{date // 10_000:04}-{date // 100 % 100:02}-{date % 100:02}"}
    return due if zone is None else {**due, "time": f"{time // 100:02}:{time % 100:02}", "zone": zone}


def position(instant: datetime) -> str:
    """Newer tasks come first."""
    return f"{2**63 - 1 - int(instant.timestamp() * 1_000_000):016x}8"


def wire(row: Row, user_id: str) -> dict:
    return {
        "id": str(row.id),
        "user_id": user_id,
        "title": row.title,
        "description": row.description,
        "completed": row.completed,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "due": None if row.due_order is None else due(row.due_order, row.due_zone),
        "priority": row.priority,
        # Of most tasks there is nothing to parse.
        "tags": [] if row.tags == "[]" else orjson.loads(row.tags),
        "list_id": row.list_id and str(row.list_id),
        "position": row.position,
        "parent_id": row.parent_id and str(row.parent_id),
        "subtasks": {"total": row.subtasks_total, "completed": row.subtasks_completed},
        "recurrence": row.recurrence,
        "completed_at": row.completed_at,
        "deleted_at": row.deleted_at,
        "version": row.version,
    }


# orjson writes datetimes itself. A `response_model` would check each row once more: twice the time.
def json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content, option=orjson.OPT_UTC_Z), status, headers, "application/json")


def one(row: Row | None, user_id: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    if row is None:
        raise Failure.not_found()
    return json(wire(row, user_id), status, {"etag": f'"{row.version}"', **(headers or {})})


@app.get("/api/{user_id}/tasks")
async def list_tasks(caller: Owner) -> Response:
    rows: Sequence[Row] = (await caller.conn.execute(LIST, {"owner": caller.user_id})).all()
    return json([wire(row, caller.subject) for row in rows])


@app.post("/api/{user_id}/tasks")
async def create_task(caller: Owner, new: CreateTask) -> Response:
    now = datetime.now(UTC)
    values = {
        "owner_id": caller.user_id,
        "id": uuid7(),
        "title": new.title,
        "description": new.description,
        "created_at": now,
        "updated_at": now,
        "position": position(now),
        "search": new.title.lower() if new.description is None else f"{new.title}\n{new.description}".lower(),
    }
    row = (await caller.conn.execute(CREATE, values)).one()
    return one(row, caller.subject, 201, {"location": f"/api/{caller.subject}/tasks/{row.id}"})


@app.get("/api/{user_id}/tasks/{task_id}")
async def get_task(caller: Owner, task_id: UUID) -> Response:
    row = (await caller.conn.execute(ONE, {"owner": caller.user_id, "task": task_id})).one_or_none()
    return one(row, caller.subject)


@app.patch("/api/{user_id}/tasks/{task_id}/complete")
async def toggle_task(caller: Owner, task_id: UUID) -> Response:
    parameters = {"owner": caller.user_id, "task": task_id, "now": datetime.now(UTC)}
    row = (await caller.conn.execute(TOGGLE, parameters)).one_or_none()
    return one(row, caller.subject)


@app.post("/api/auth/login")
async def login(credentials: Credentials) -> Response:
    async with engine.connect() as conn:
        user = (await conn.execute(BY_EMAIL, {"email": credentials.email})).one_or_none()
    # The connection is back in the pool while the password is hashed.
    if not await verify_password(credentials.password, user.password_hash if user else None):
        raise Failure.wrong_credentials()
    token, expires = issue(user.id, user.email, user.epoch)
    return json(
        {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": expires - int(time.time()),
            "expires_at": datetime.fromtimestamp(expires, UTC),
            "user": {"id": str(user.id), "email": user.email, "name": user.name, "created_at": user.created_at},
        }
    )


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "healthy"}
