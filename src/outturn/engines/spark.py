"""Apache Spark 4 as the engine that measures run on: two cores of this machine, a cluster, or Spark Connect.

Spark starts once in a process and takes some seconds; every engine has a session of its own in it. On a cluster the
Parquet files must lie where every machine of it can read them.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .engine import EngineUnavailable, Step

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TYPES = {"VARCHAR": "string", "INTEGER": "int"}
EVERYWHERE = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
ON_THIS_MACHINE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "2",
}
DAYS_BETWEEN = (
    "CREATE OR REPLACE TEMPORARY FUNCTION days_between(earlier DATE, later DATE) RETURNS INT "
    "RETURN datediff(later, earlier)"
)
JAVA = "Spark needs Java 17 or later. On Debian or Ubuntu run: apt install default-jre-headless"


class SparkEngine:
    """A session of Spark. `master` is local[2] and the like, spark://host:7077, or sc://host:15002 for Spark Connect.

    `settings` are further ones of Spark itself, such as spark.driver.memory. A process has one Spark, with the master
    and settings that were named first. Raises EngineUnavailable.
    """

    name = "spark"

    def __init__(self, master: str = "local[2]", settings: Mapping[str, str] = MappingProxyType({})) -> None:
        try:
            import pyspark  # noqa: F401
        except ImportError:
            raise EngineUnavailable("Spark is not installed. Run: pip install 'outturn[spark]'") from None
        self.remote = master.startswith("sc://")
        self.session = _connected(master) if self.remote else _started(master, settings).newSession()
        self.session.sql(DAYS_BETWEEN)
        self.known: set[str] = set()

    def __enter__(self) -> "SparkEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, name: str, files: Sequence[Path]) -> None:
        """A relation from Parquet files of one shape."""
        self._name(name, self.session.read.parquet(*(str(file.absolute()) for file in files)))

    def rows(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A small relation from rows."""
        shape = ", ".join(f"{column} {TYPES.get(kind, kind)}" for column, kind in columns.items())
        self._name(name, self.session.createDataFrame([tuple(row) for row in rows], shape))

    def table(self, name: str, steps: Sequence[Step], select: str) -> None:
        """Make a relation and keep it."""
        with self._stepped(steps, select):
            self._name(name, self.session.sql(select).localCheckpoint())

    def query(self, steps: Sequence[Step], select: str) -> list[tuple[Any, ...]]:
        """The rows of a select that may read the steps."""
        with self._stepped(steps, select):
            return [tuple(row) for row in self.session.sql(select).collect()]

    @contextmanager
    def _stepped(self, steps: Sequence[Step], select: str) -> Iterator[None]:
        """The steps as relations for the time being.

        Spark would work out a step anew for each time it is read, and those it reads as often again: one that is read
        more than once is worked out here.
        """
        texts = [text for _, text in steps[1:]] + [select]
        try:
            for number, (name, text) in enumerate(steps):
                found = self.session.sql(text)
                self._name(name, found.localCheckpoint() if _times_read(name, texts[number:]) > 1 else found)
            yield
        finally:
            for name, _ in steps:
                self.drop(name)

    def _name(self, name: str, found: "DataFrame") -> None:
        found.createOrReplaceTempView(name)
        self.known.add(name)

    def drop(self, name: str) -> None:
        """Forget a relation."""
        self.session.catalog.dropTempView(name)
        self.known.discard(name)

    def close(self) -> None:
        """Forget all relations. Spark itself stays for the next engine and ends with the process."""
        for name in list(self.known):
            self.drop(name)
        if self.remote:
            self.session.stop()


def _times_read(name: str, texts: Sequence[str]) -> int:
    return sum(len(re.findall(rf"(?i)\b(?:from|join)\s+{name}\b", text)) for text in texts)


def _started(master: str, more: Mapping[str, str]) -> "SparkSession":
    """This process's Spark, started where it is not running yet."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    settings = EVERYWHERE | (ON_THIS_MACHINE if master.startswith("local") else {}) | dict(more)
    builder = SparkSession.builder.master(master).appName("Outturn").config(map=settings)
    with _quiet() as said:
        try:
            return builder.getOrCreate()
        except (PySparkException, OSError) as error:
            raise EngineUnavailable(f"{JAVA}\nSpark did not start: {said() or error}") from None
        except Exception as error:  # Java's own complaints reach us as several kinds
            raise EngineUnavailable(f"Spark at {master} cannot be used: {said() or error}") from None


def _connected(address: str) -> "SparkSession":
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        session: SparkSession = SparkSession.builder.remote(address).create()
        for name in ("spark.sql.ansi.enabled", "spark.sql.session.timeZone"):
            session.conf.set(name, EVERYWHERE[name])
        return session
    except ImportError:
        raise EngineUnavailable("Spark Connect needs more. Run: pip install 'pyspark[connect]'") from None
    except PySparkException as error:
        raise EngineUnavailable(f"Spark at {address} does not answer: {error}. Check that it is running.") from None


@contextmanager
def _quiet() -> Iterator[Any]:
    """Keep what Java says while it starts, for when it fails. Gives a function for the last of it."""
    sys.stderr.flush()
    own = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield lambda: _last_line(said)
        finally:
            os.dup2(own, 2)
            os.close(own)


def _last_line(said: Any) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
