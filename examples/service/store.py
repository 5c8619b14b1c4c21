"""Jobs and their plans in a database: SQLite, or PostgreSQL, or whatever else SQLAlchemy speaks to.

A job is stored before its client hears of it, and its plan before the job is called done: whatever ends the service in
between, nothing is lost.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, create_engine, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Of all tables."""


class Job(Base):
    """A night that somebody wants planned.

    ``state`` is queued until its end, then done, cancelled (the best plan so far is kept, if there is one), refused,
    with everything that is wrong with the night in ``complaints``, or failed.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(index=True)
    night: Mapped[dict[str, Any]] = mapped_column(JSON)
    complaints: Mapped[list[str]] = mapped_column(JSON)


class File(Base):
    """One file of a plan: ``plan.json``, ``network.graphml``, ``map.html``."""

    __tablename__ = "files"

    job: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Store:
    """The database; every method is one transaction.

    Parameters
    ----------
    url
        ``sqlite:///nights.db`` or ``postgresql+psycopg://user@host/nights``.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        Base.metadata.create_all(self._engine)

    def add(self, night: dict[str, Any]) -> str:
        """Store a new job and return its id."""
        job = Job(id=uuid.uuid4().hex, state="queued", night=night, complaints=[])
        with Session(self._engine) as session, session.begin():
            session.add(job)
            return job.id

    def find(self, job: str) -> Job | None:
        """Return a job; None if there is none."""
        with Session(self._engine) as session:
            return session.get(Job, job)

    def open_jobs(self) -> list[Job]:
        """Return the jobs that were not at their end when the service last ended."""
        with Session(self._engine) as session:
            return list(session.scalars(select(Job).where(Job.state == "queued")))

    def end(self, job: str, state: str, files: dict[str, bytes], complaints: list[str]) -> None:
        """Store what came of a job, all of it or nothing."""
        with Session(self._engine) as session, session.begin():
            session.add_all(File(job=job, name=name, content=content) for name, content in files.items())
            session.execute(update(Job).where(Job.id == job).values(state=state, complaints=complaints))

    def file(self, job: str, name: str) -> bytes | None:
        """Return the content of a file of a plan; None if there is none."""
        with Session(self._engine) as session:
            found = session.get(File, (job, name))
            return None if found is None else found.content

    def close(self) -> None:
        """Let go of the connections."""
        self._engine.dispose()
