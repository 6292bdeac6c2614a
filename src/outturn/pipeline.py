"""The road in one place: files as received → checked and stored submissions → their worklists and totals.

The site and the command line come through here; neither touches records itself.
"""

import csv
import errno
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from outturn import __version__
from outturn.engines import duck
from outturn.records.areas import advice, read_area_codes
from outturn.records.beside import figures_of_all
from outturn.records.coverage import covered_v1, covered_v2, month_counts
from outturn.records.methods import UnknownMethod, method
from outturn.records.published import PUBLISHED_BY, YEAR
from outturn.records.store import RECEIVED, Records, Submission, identity, take_copy
from outturn.records.trace import Trace, trace_row
from outturn.results.comparators import Comparators, Origin
from outturn.returns import discharges, population, published
from outturn.returns.checking import COMPLAINTS, ROWS, Checked, Progress, check_file
from outturn.returns.layout import Layout, load_layout
from outturn.returns.reading import UnreadableFile
from outturn.returns.rules import Rule, load_rules
from outturn.returns.table import TableWorklist, check_table, stored_rows
from outturn.returns.worklist import Worklist
from outturn.workspace import Refusal, Workspace

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
LIST = "submissions.csv"
CLD = "cld"
TABLES = {table.name: table for table in (population.TABLE, discharges.TABLE, published.FIGURES)}
COMPARATORS = published.FIGURES.name
RETURNS = (CLD, *TABLES)
OF_PEOPLE = (CLD, discharges.TABLE.name)  # returns that hold personal data
STORED, ALREADY, CHECKED, REFUSED = "stored", "already stored", "checked", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `reasons` says why it was refused; `submission` is what is stored for it.

    `notes` are sentences about the file beside those of its report.
    """

    file: Path
    status: str
    reasons: tuple[str, ...] = ()
    submission: Submission | None = None
    checked: Checked | None = None
    worklist: Worklist | TableWorklist | None = None
    notes: tuple[str, ...] = ()


# Sending a file in


@contextmanager
def submitted(
    workspace: Workspace,
    file: Path,
    *,
    received: datetime,
    by: str,
    return_name: str = CLD,
    area: str | None = None,
    stated: Mapping[str, str] | None = None,
    check_only: bool = False,
    progress: Progress = lambda share, words: None,
) -> Iterator[Outcome]:
    """Check one file of a return, and store it unless `check_only`. The same file again changes nothing.

    What was checked can be read while the block runs. Whatever is wrong with the file does not raise: it makes the
    outcome REFUSED, with every reason. `stated` is what a file of comparators does not say itself: the `year` of its
    figures, and who it was `published_by`.
    """
    with _preparing(workspace, return_name, check_only) as folder:
        try:
            outcome = _submit(
                workspace, return_name, file, folder, received, by, area, stated or {}, check_only, progress
            )
        except UnreadableFile as refusal:
            outcome = Outcome(file, REFUSED, tuple(refusal.reasons))
        except (OSError, duck.EngineError) as error:
            outcome = Outcome(file, REFUSED, (_disk_words(error, file),))
        if outcome.submission and return_name == COMPARATORS:
            tell_comparators(workspace)
        yield outcome


def _submit(
    workspace: Workspace, return_name: str, file: Path, folder: Path, received: datetime, by: str, area: str | None,
    stated: Mapping[str, str], check_only: bool, progress: Progress,
) -> Outcome:  # fmt: skip
    if file.is_dir() or not file.exists():
        raise UnreadableFile([f"There is no file {file}. Check the name, or give the folder that holds the files."])
    copy = folder / f"{RECEIVED}{file.suffix.lower() or '.csv'}"
    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(take_copy, file, copy)
        if return_name == CLD:
            rules(workspace)  # which takes as long, and is kept for the check
        digest, size = taking.result()
    records = Records(workspace.records)
    there = None if check_only else records.stored(return_name, identity(digest, stated))
    if there:
        return Outcome(file, ALREADY, submission=there, worklist=worklist_of(workspace, there))
    if return_name == CLD:
        checked = check_file(
            copy, folder, received=received, area=area, extra_lists=_lists(workspace),
            events_before=lambda council: _events_before(records, council, received), progress=progress,
        )  # fmt: skip
        about = {"release": checked.report["release"]["file"], "period": _periods(checked.report, received)}
        told = advice(file.name, read_area_codes(workspace).merged(checked.report["areas"]))
    else:
        checked = check_table(TABLES[return_name], copy, folder, progress=progress)
        about, told = dict(stated), ""
    if return_name == COMPARATORS:
        rows = stored_rows(published.FIGURES, folder / ROWS, folder)
        told = published.check_figures(rows, stated.get(YEAR, ""))
    notes = (told,) if told else ()
    if check_only:
        found = _worklist(workspace, return_name, folder / ROWS, folder / COMPLAINTS)
        return Outcome(file, CHECKED, checked=checked, worklist=found, notes=notes)
    submission, is_new = records.keep(return_name, folder, {
        "return": return_name, "id": identity(digest, stated), "sha256": digest, "bytes": size, "file": file.name,
        "received": received.isoformat(timespec="seconds"), "by": by, "stored_at": _now().isoformat(),
        "rows": checked.rows, "set_aside": checked.report["set_aside"], "areas": checked.report["areas"],
        **about, "outturn": __version__,
    })  # fmt: skip
    return Outcome(
        file, STORED if is_new else ALREADY, submission=submission, checked=checked,
        worklist=worklist_of(workspace, submission), notes=notes,
    )  # fmt: skip


def _events_before(records: Records, area: str, received: datetime) -> dict[str, int]:
    """Rows by event type of the council's newest submission received before."""
    earlier = [
        one for one in records.submissions("cld")
        if area in one.areas and one.received < received and not one.withdrawn
    ]  # fmt: skip
    return dict(earlier[-1].report["events"]) if earlier else {}


@contextmanager
def _preparing(workspace: Workspace, return_name: str, check_only: bool) -> Iterator[Path]:
    if check_only:
        with tempfile.TemporaryDirectory(prefix="outturn-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    else:
        with Records(workspace.records).preparing(return_name) as folder:
            yield folder


def _periods(report: dict[str, Any], received: datetime) -> dict[str, list[str] | None]:
    """The period most rows state, and what the file truly covers by both published versions, for its main council."""
    area = next(iter(report["areas"]), "")
    claim = report["claimed"][0] if report["claimed"] else None
    claimed = (date.fromisoformat(claim["start"]), date.fromisoformat(claim["end"])) if claim else None
    months = month_counts(report["months"], area)
    spans = {
        "claimed": claimed,
        "covered": covered_v1(months, received.date(), claimed).span,
        "covered_v2": covered_v2(area, months, received.date(), claimed).span,
    }
    return {name: [str(day) for day in span] if span else None for name, span in spans.items()}


def _disk_words(error: Exception, file: Path) -> str:
    is_full = getattr(error, "errno", None) == errno.ENOSPC or "no space left" in str(error).lower()
    if is_full or "max_temp_directory_size" in str(error):
        return (
            f"The disk is full: {file.name} was not stored, and nothing else was changed. "
            "Make room for about three times the size of the file, then submit it again."
        )
    if isinstance(error, OSError):
        return f"{file.name} cannot be read, or not be stored: {error.strerror or error}. Nothing was changed."
    return (
        f"{file.name} could not be checked: {type(error).__name__}. Nothing was changed. "
        "Please report this with the kind of system that wrote the file (not the file itself)."
    )


# Which files


def dated_files(paths: Sequence[Path], received: datetime | None) -> list[tuple[Path, datetime]]:
    """Each file with the moment the council sent it: as given, or as the folder's own list says, or now.

    A folder stands for the files in it. Its list is `submissions.csv`, with the columns `file` and `received`.
    Raises Refusal for a folder that holds no such file, or a list that cannot be read.
    """
    found: list[tuple[Path, datetime]] = []
    for path in paths:
        if path.is_dir() and received is None and (path / LIST).is_file():
            found += _listed(path / LIST)
        else:
            found += [(file, received or _now()) for file in (_inside(path) if path.is_dir() else [path])]
    return found


def _inside(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.name != LIST)
    if not files:
        raise Refusal(f"The folder {folder} holds no file that could be a return ({', '.join(SUFFIXES)}).")
    return files


def _listed(path: Path) -> list[tuple[Path, datetime]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [
                (path.parent / row["file"], datetime.fromisoformat(row["received"])) for row in csv.DictReader(lines)
            ]
    except (KeyError, ValueError, TypeError) as error:
        raise Refusal(
            f"{path} should have the columns “file” and “received”, with dates such as 2026-10-21. "
            "Correct it, or name the files one by one with --received."
        ) from error


# What became of a row


def trace(workspace: Workspace, row: str, *, method_name: str, reading: str, as_of: date | None) -> Trace:
    """What became of one row, `FILE:ROW`, on the road to the events that figures are made from.

    Raises Refusal for a method, submission or row that is not there.
    """
    try:
        chosen = method(method_name, reading)
    except UnknownMethod as error:
        raise Refusal(str(error)) from error
    return trace_row(
        Records(workspace.records), row, chosen, as_of=as_of or _now().date(), codes=read_area_codes(workspace),
        layout=layout(workspace), rules=rules(workspace),
    )  # fmt: skip


# What is stored


def submissions(workspace: Workspace, returns: Sequence[str] = (CLD,)) -> list[Submission]:
    """Every stored submission of some returns, in the order in which they were received."""
    found = [one for name in returns for one in Records(workspace.records).submissions(name)]
    return sorted(found, key=lambda one: one.received)


def find_submission(workspace: Workspace, text: str, returns: Sequence[str] = (CLD,)) -> Submission:
    """The submission with this id, or the beginning of it, or this file name. Raises Refusal where there is none."""
    return Records(workspace.records).find(returns[0], text, *returns[1:])


def worklist_of(workspace: Workspace, submission: Submission) -> Worklist | TableWorklist:
    """The rows of a submission that need work. Personal: for those who may see lists of people."""
    return _worklist(workspace, submission.manifest["return"], submission.rows_file, submission.complaints_file)


def _worklist(workspace: Workspace, return_name: str, rows_file: Path, complaints: Path) -> Worklist | TableWorklist:
    if return_name in TABLES:
        return TableWorklist(complaints, TABLES[return_name])
    return Worklist(rows_file, complaints, layout(workspace), rules(workspace))


def purged(workspace: Workspace) -> list[dict[str, Any]]:
    """The audit rows of what was purged: its manifest, with who purged it, when and why."""
    return [row for name in RETURNS for row in Records(workspace.records).purged(name)]


def withdraw(workspace: Workspace, submission: Submission, *, by: str, because: str) -> None:
    """Take a submission out of every figure, keeping it and the reason."""
    Records(workspace.records).withdraw(submission, by=by, because=_reason(because), at=_now())
    Comparators(workspace.results).keep_only(_comparators(workspace))


def tell_comparators(workspace: Workspace) -> None:
    """Bring what pages read of comparators in step with the files of them that are stored and not withdrawn."""
    records, told, files = Records(workspace.records), Comparators(workspace.results), _comparators(workspace)
    told.keep_only(files)
    for file in map(files.__getitem__, told.missing(files) if files else ()):
        origin = Origin(file.id, file.file, str(file.manifest.get(PUBLISHED_BY, "")), file.received)
        told.tell(origin, figures_of_all(file, records.prepared / COMPARATORS / "spill"))


def _comparators(workspace: Workspace) -> dict[str, Submission]:
    return {
        one.id: one for one in Records(workspace.records).submissions(COMPARATORS) if one.withdrawn is None
    }  # fmt: skip


def purge(workspace: Workspace, submission: Submission, *, by: str, because: str) -> None:
    """Erase a submission's personal data for good, leaving the audit row."""
    Records(workspace.records).purge(submission, by=by, because=_reason(because), at=_now())


def retention(workspace: Workspace) -> int | None:
    """The months for which submissions are kept; None where no rule was set."""
    return Records(workspace.records).months_kept


def set_retention(workspace: Workspace, months: int, *, by: str) -> None:
    """Set the retention rule. It purges nothing by itself."""
    Records(workspace.records).keep_for(months, by=by, at=_now())


def due_for_purge(workspace: Workspace) -> list[Submission]:
    """The submissions received longer ago than the retention rule keeps them; none where no rule was set."""
    months = retention(workspace)
    if months is None:
        return []
    now = _now()
    newest = (now.year * 12 + now.month - months) * 100 + now.day  # year, month and day as one number
    return [
        one for one in submissions(workspace, OF_PEOPLE)
        if (one.received.year * 12 + one.received.month) * 100 + one.received.day <= newest
    ]  # fmt: skip


def layout(workspace: Workspace | None = None) -> Layout:
    """The layout of Client Level Data, with the installation's own additions to its value lists."""
    return load_layout("cld", _lists(workspace) if workspace else None)


def rules(workspace: Workspace | None = None) -> tuple[Rule, ...]:
    """The rules by which Client Level Data are checked."""
    return load_rules(layout(workspace))


def rules_by_id(found: Iterable[Rule]) -> dict[str, Rule]:
    """Rules by their ids."""
    return {rule.id: rule for rule in found}


def _lists(workspace: Workspace) -> Path | None:
    folder = workspace.lists / "cld"
    return folder if folder.is_dir() else None


def _reason(because: str) -> str:
    if not because.strip():
        raise Refusal("A reason is needed: it is kept with the submission. Nothing was changed.")
    return because.strip()


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005  files are received on local days
