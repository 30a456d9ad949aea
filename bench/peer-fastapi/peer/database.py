"""The schema, which Taskward's migrations make, and the engine."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from . import settings


class Base(DeclarativeBase):
    type_annotation_map = {datetime: TIMESTAMP(timezone=True), str: Text, int: BigInteger}


class User(Base):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str | None]
    password_hash: Mapped[str | None]
    epoch: Mapped[int]
    created_at: Mapped[datetime]


class SignedOutSession(Base):
    __tablename__ = "signed_out_sessions"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class Task(Base):
    __tablename__ = "tasks"

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str | None]
    completed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    due_order: Mapped[int | None]
    due_zone: Mapped[str | None]
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    tags: Mapped[str] = mapped_column(default="[]")
    list_id: Mapped[UUID | None]
    position: Mapped[str]
    parent_id: Mapped[UUID | None]
    subtasks_total: Mapped[int] = mapped_column(default=0)
    subtasks_completed: Mapped[int] = mapped_column(default=0)
    recurrence: Mapped[str | None]
    completed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    search: Mapped[str | None]


# Every request runs statements that stand alone. Without autocommit each would cost a BEGIN and a ROLLBACK as well: two
# more round trips. asyncpg keeps the statements prepared.
engine = create_async_engine(
    settings.DATABASE_URL,
    pool_size=settings.DATABASE_POOL_SIZE,
    max_overflow=0,
    isolation_level="AUTOCOMMIT",
    # A returned connection has nothing to roll back.
    pool_reset_on_return=None,
)
