"""What a statement is, as far as its text says without a parser: pgtool is asked about the others."""
import re

from pgtool_bridge.limits import LOCK, STATEMENT, Born

# These take no lock that blocks a reader or a writer; COPY and the rest are looked at by pgtool.
PLAIN = frozenset("SELECT INSERT UPDATE DELETE WITH VALUES MERGE EXPLAIN SHOW FETCH CLOSE DECLARE RELEASE SAVEPOINT".split())
READS = frozenset("SELECT VALUES EXPLAIN SHOW FETCH CLOSE DECLARE RELEASE SAVEPOINT ROLLBACK".split())
WORD = re.compile(r"\s*(\w+)")
# One statement of Django about a table of this schema path; others are looked at by pgtool.
MAKES = re.compile(r'CREATE TABLE "([^"]+)" \(')
CHANGES = re.compile(r'(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX "[^"]+" ON) "([^"]+)" ')
REFERS = re.compile(r'REFERENCES "([^"]+)"')
# A function of the project may do anything, and change the limits, too.
CALLS = re.compile(r"\s*select\s+[\w.\"]+\s*\((?!.*\bfrom\b)", re.I | re.S)
SET_CONFIG = re.compile(r"set_config\s*\(", re.I)
# A text that was plain once is so again.
KNOWN = {}
MOST_KNOWN = 2000


def first_word(text):
    found = WORD.match(text)
    return found.group(1).upper() if found else ""


def shape_of(text, word, params):
    """In the words of pgtool's answer to `statement`; None when pgtool has to be asked.

    kind: plain, strong (others may have to wait for it), long (blocks nobody and may wait itself); sets: limits that it
    changes; single: one statement, which is undone as a whole; opaque: may set anything; control: of transactions.
    """
    if word in PLAIN and ";" not in text.rstrip(" ;\n"):
        calls = word == "SELECT" and CALLS.match(text, 0, 10000)
        return {"kind": "plain", "sets": _configured(text, params), "single": True, "opaque": bool(calls)}
    if word == "ROLLBACK":
        return {"kind": "plain", "sets": (), "control": True}
    if text in KNOWN:
        return KNOWN[text]
    return {"kind": "plain", "sets": (), "single": True} if _is_about_born(text) else None


def remember(text, shape):
    if shape["kind"] == "plain" and shape.get("cached") and len(KNOWN) < MOST_KNOWN and len(text) < 1000:
        KNOWN[text] = shape


def _is_about_born(text):
    """True for a statement that only locks tables of this run; notes the table that it makes."""
    makes, changes = MAKES.match(text), CHANGES.match(text)
    if not (makes or changes) or ";" in text or "'" in text or not Born.are(REFERS.findall(text)):
        return False
    if makes:
        Born.names.add(makes.group(1))
        return True
    return changes.group(1) in Born.names and "PARTITION" not in text


def _configured(text, params):
    """The limits that a set_config() in it may change: its name may be a parameter."""
    if not SET_CONFIG.search(text, 0, 10000):
        return []
    words = (text + str(params)).lower()
    return [name for name in (LOCK, STATEMENT) if name in words]


def text_of(sql, raw):
    if isinstance(sql, str):
        return sql
    if isinstance(sql, (bytes, bytearray)):
        return bytes(sql).decode("utf-8", "replace")
    return sql.as_string(raw) if hasattr(sql, "as_string") else str(sql)
