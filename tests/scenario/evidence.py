"""What the server itself says about who sent which statement, read from its JSON log."""
import json
import re
import uuid
from dataclasses import dataclass

from waiting import until

_NOISE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_WRITE = re.compile(_NOISE + r"(create|alter|drop|truncate|comment|grant|revoke|reindex|cluster|refresh|insert|update|delete|"
                    r"copy|do|lock|vacuum)\b", re.I | re.S)
_STATEMENT = re.compile(r"(?:statement|execute [^:]*): (.*)", re.S)


@dataclass(frozen=True)
class Statement:
    text: str
    session: str
    pid: int
    user: str
    application: str
    port: int  # of the client, as the server saw it
    pooled: bool

    @property
    def writes(self):
        return bool(_WRITE.match(self.text))


class ServerLog:
    """The log of one cluster. Reading waits until all that was done before is in the file."""

    def __init__(self, path, mark):
        self._path, self._mark = path, mark
        self._records, self._offset = [], 0

    def records(self):
        word = uuid.uuid4().hex
        self._mark(word)
        until(lambda: self._read_on(word), "the server's log has reached the present")
        return self._records

    def _read_on(self, word):
        if not self._path.exists():
            return False
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            lines = file.read().split(b"\n")
        self._offset += sum(len(line) + 1 for line in lines[:-1])
        new = [json.loads(line) for line in lines[:-1]]
        self._records += new
        return any(word in record["message"] for record in new)

    def statements(self, database, marks):
        """Statements sent to one database, in order. A session is pooled when one of a pooler's marks is in what it logged."""
        records = self.records()
        pooled = {r["session_id"] for r in records if any(mark in r.get("message", "") for mark in marks)}
        found = []
        for record in records:
            statement = _STATEMENT.match(record.get("message", ""))
            if statement and record.get("dbname") == database:
                found.append(Statement(statement[1], record["session_id"], record["pid"], record.get("user", ""),
                                       record.get("application_name", ""), record.get("remote_port", 0),
                                       record["session_id"] in pooled))
        return found
