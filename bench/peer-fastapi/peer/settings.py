"""Settings, from the environment variables that Taskward itself has."""

import os

DATABASE_URL = os.environ["DATABASE_URL"].replace("postgres://", "postgresql+asyncpg://", 1)
JWT_SECRET = os.environ["JWT_SECRET"]
JWT_ISSUER = os.environ.get("JWT_ISSUER", "taskward")
JWT_AUDIENCE = os.environ.get("JWT_AUDIENCE", "taskward-api")
ACCESS_TOKEN_TTL = 3600
# Connections of each worker process.
DATABASE_POOL_SIZE = int(os.environ.get("DATABASE_POOL_SIZE", "5"))
