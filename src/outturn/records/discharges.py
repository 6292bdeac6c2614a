"""The hospital discharge files as one relation, which measures read as `discharges`.

A spell that occurs in several files is taken from the file received last. COLUMNS says what each column means.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal

from .areas import NO_CHANGES, AreaCodes
from .store import Records, Submission

RETURN = "discharges"
VERSION = "1"  # raise when the query below would give other rows
COLUMNS: Mapping[str, str] = {
    "la_of_residence": "the council where the person lives; NULL where it is not known, or not in England",
    "person": "the NHS number, as in the events; NULL unknown",
    "spell": "the spell's identifier",
    "admission_date": "",
    "discharge_date": "",
    "birth_month": "its first day; where only an age is given, the latest month that makes that age at discharge",
    "gender": "Male, Female or Unknown as the hospital has it; NULL not given",
    "admission_method": "codes of the NHS data dictionary, from here on; NULL unknown",
    "discharge_method": "",
    "destination": "",
    "treatment_function": "",
    "management_type": "EM is an emergency, NE another unplanned admission",
    "last_episode": "1 for the last episode of its spell, the only one that counts; otherwise 0",
}


def discharges_files(records: Records, as_of: date, codes: AreaCodes = NO_CHANGES) -> list[Path]:
    """The Parquet file of all spells in the files received by a day, made or found; none where no file was received."""
    files = [
        one for one in records.submissions(RETURN) if one.received.date() <= as_of and one.withdrawn is None
    ]  # fmt: skip
    if not files:
        return []
    changes = sorted(codes.changes.items())
    made_from = json.dumps([VERSION, [[one.id, one.sequence] for one in files], changes])
    folder = records.prepared / RETURN
    out = folder / f"{hashlib.sha256(made_from.encode()).hexdigest()[:20]}.parquet"
    if not out.exists():
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{secrets.token_hex(4)}.unfinished"
        try:
            with open_duckdb(folder / "spill") as connection:
                connection.execute(f"COPY ({_spells(files, codes)}) TO {literal(beside)} (FORMAT parquet)")
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    return [out]


def _spells(files: list[Submission], codes: AreaCodes) -> str:
    """One row for each council and spell: the last episode, of the file received last."""
    present = " ".join(f"WHEN {literal(old)} THEN {literal(codes.current(old))}" for old in sorted(codes.changes))
    area = f"CASE la_of_residence {present} ELSE la_of_residence END" if present else "la_of_residence"
    received = " UNION ALL ".join(
        f"SELECT * REPLACE ({area} AS la_of_residence), {number} AS file FROM read_parquet({literal(one.rows_file)})"
        for number, one in enumerate(files)
    )
    return (
        f"SELECT {', '.join(COLUMNS)} FROM ({received}) QUALIFY row_number() OVER ("
        'PARTITION BY la_of_residence, spell ORDER BY file DESC, last_episode DESC NULLS LAST, "row" DESC) = 1 '
        "ORDER BY person, discharge_date"
    )
