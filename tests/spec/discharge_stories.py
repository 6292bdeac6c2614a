"""Stories with a hospital in them: services as in `measure_stories`, and discharges in a second table.

    told = HospitalStories(SERVICES, DISCHARGES, tmp_path)
    told.part_of("2D", "1 plain", part="1", year="2024-25")

In DISCHARGES a row is a spell of the story's person. Blank cells take the values of PLAIN: an emergency admission from
1 to 10 October 2024 of somebody born in 1940, who went home. `-` stands for a cell that is left blank.
"""

import csv
from datetime import datetime

from outturn.records.discharges import discharges_files
from outturn.records.store import Records, take_copy
from outturn.returns.discharges import TABLE
from outturn.returns.table import check_table

from .cld_rows import table
from .measure_stories import Stories

PLAIN = {
    "admitted": "2024-10-01", "discharged": "2024-10-10", "born": "1940-06", "gender": "Female", "method": "21",
    "out": "1", "to": "19", "function": "430", "type": "EM", "last": "1", "residence": "950", "spell": "",
}  # fmt: skip
HEADINGS = {
    "admitted": "Admission Date", "discharged": "Discharge Date", "born": "Birth Month", "gender": "Gender",
    "method": "Admission Method", "out": "Discharge Method", "to": "Discharge Destination",
    "function": "Treatment Function", "type": "Management Type", "last": "Last Episode",
    "residence": "LA Code of Residence", "spell": "Spell Id",
}  # fmt: skip


class HospitalStories(Stories):
    """Stories whose people have NHS numbers, by which services and discharges are linked."""

    def __init__(self, services, discharges, folder):
        services, discharges = table(services), table(discharges)
        names = dict.fromkeys(row["story"] for row in [*services, *discharges])
        self.number = {name: f"{4_000_000_000 + place}" for place, name in enumerate(names, 1)}
        super().__init__([{"nhs_number_raw": self.number[row["story"]], **row} for row in services], folder)
        self.records = Records(folder / "hospital")
        keep_discharges(self.records, folder / "discharges.csv", [
            {"NHS Number": self.number.get(row.pop("story"), ""), **{
                HEADINGS[name]: "" if row.get(name) == "-" else row.get(name) or plain for name, plain in PLAIN.items()
            }, "Spell Id": row.get("spell") or f"spell {number}"}
            for number, row in enumerate(discharges)
        ])  # fmt: skip

    def _asked(self, engine, *rest):
        engine.load("discharges", discharges_files(self.records, datetime(2026, 6, 30).date()))
        return super()._asked(engine, *rest)

    def part_of(self, code, story, *, part, **how):
        """A story's rows of one part of a measure's cohort."""
        return [row for row in self.cohort(code, **how)[self.number[story]] if row["part"] == part]

    def decided(self, code, story, *, part, **how):
        """Included and counted of all of a story's rows of a part, added up, as `1/0`."""
        rows = self.part_of(code, story, part=part, **how)
        return f"{sum(row['included'] for row in rows)}/{sum(row['counted'] for row in rows)}"


def keep_discharges(records, file, rows, *, received="2026-01-20T09:00:00"):
    """Store a discharge file of rows by heading, as `outturn submit` would. The submission."""
    return keep_table(TABLE, records, file, rows, received=received)


def keep_table(what, records, file, rows, *, received):
    """Store a small return of rows by heading, as `outturn submit` would. The submission."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with records.preparing(what.name) as folder:
        copy = folder / "received.csv"
        digest, size = take_copy(file, copy)
        report = check_table(what, copy, folder).report
        return records.keep(what.name, folder, {
            "return": what.name, "id": digest[:16], "sha256": digest, "bytes": size, "file": file.name,
            "received": received, "rows": report["rows"], "set_aside": 0, "areas": report["areas"],
        })[0]  # fmt: skip
