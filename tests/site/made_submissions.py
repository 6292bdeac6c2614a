"""Submissions written by hand as `outturn submit` leaves them: a manifest and a report, without a row of data."""

import json
from pathlib import Path

NEW, OLD, ELSEWHERE = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"
EVENTS = {"Request": 200, "Assessment": 150, "Service": 600, "Review": 50}


def field(name, event, *, valid=0, blank=0, missing=0, invalid=0, release_1=0, not_applicable=0):
    return {
        "field": name, "event": event, "valid": valid, "blank": blank, "missing": missing, "invalid": invalid,
        "release_1": release_1, "not_applicable": not_applicable,
    }


def fault(rule, column, severity, rows):
    return {"rule": rule, "column": column, "severity": severity, "rows": rows}


RULES = [
    fault("event-ends-before-it-starts", "event_end_date", "error", 12),
    fault("not-in-list", "gender", "error", 40),
    fault("spelling", "ethnicity", "warning", 7),
    fault("headings-unknown", None, "note", 1),
]


def report(*, rules=RULES, rows=1000, missing_gender=30, **more):
    fields = []
    for event, count in EVENTS.items():
        share = missing_gender // 4
        fields.append(field("gender", event, valid=count - 10 - share, invalid=10, missing=share))
        fields.append(field("la_code", event, valid=count))
        if event == "Service":
            fields.append(field("unit_cost", event, valid=500, blank=60, missing=10, invalid=5, release_1=25))
        else:
            fields.append(field("unit_cost", event, not_applicable=count))
    months = [
        {"area": "950", "event": event, "month": f"2025-{month:02}", "started": 10 * month, "ended": 5 * month}
        for event in EVENTS for month in range(1, 7)
    ]
    return {
        "rows": rows, "set_aside": 2, "people": 321, "release": {"file": 2, "values_only_1": 3, "values_only_2": 90},
        "claimed": [
            {"start": "2024-07-01", "end": "2025-06-30", "rows": rows - 5},
            {"start": "2024-04-01", "end": "2025-03-31", "rows": 5},
        ],
        "events": EVENTS, "headings": {"unknown": ["Local Reference"], "missing": ["unit_cost"]},
        "notes": ["The file ends in 3 blank rows, which were passed over."], "fields": fields, "rules": rules,
        "months": months, **more,
    }


def make(workspace: Path, id: str, *, file="CLD 2025 Q1.csv", sequence=1, areas=None, received="2025-07-25T10:11:00",
         found=None, withdrawn=None):
    folder = workspace / "records" / "cld" / id
    folder.mkdir(parents=True)
    found = found or report()
    manifest = {
        "return": "cld", "id": id, "sha256": id * 4, "bytes": 1_234_567, "file": file, "received": received,
        "sequence": sequence, "by": "ada", "stored_at": "2025-07-25T10:12:00", "rows": found["rows"],
        "set_aside": found["set_aside"], "areas": areas or {"950": 1000}, "release": 2,
        "period": {"claimed": ["2024-07-01", "2025-06-30"]}, "outturn": "0.1.0",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folder / "report.json").write_text(json.dumps(found), "utf-8")
    if withdrawn:
        (folder / "withdrawn.json").write_text(json.dumps(withdrawn), "utf-8")
    return folder
