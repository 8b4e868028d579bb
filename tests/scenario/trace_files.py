"""What `pgtool migrate --trace FILE` has written."""
import json
from datetime import datetime, timedelta


def events_of(trace):
    """All of them, oldest first. Each line must be an object of its own, with its time in UTC."""
    lines = trace.read_text(encoding="utf-8").split("\n")
    assert lines[-1] == "", "the last line has no end"
    events = [json.loads(line) for line in lines[:-1]]
    times = [datetime.fromisoformat(event["time"].replace("Z", "+00:00")) for event in events]
    assert times == sorted(times) and {time.utcoffset() for time in times} <= {timedelta(0)}
    return events


def kinds_in(events):
    return [event["event"] for event in events]


def migrations_in(events):
    """As the report has them."""
    return [{key: value for key, value in event.items() if key not in ("time", "event")} for event in events
            if event["event"] == "migration"]
