"""What a statement is, as far as its text says without a parser: pgtool is asked about the others."""
import re

from pgtool_bridge.limits import LOCK, STATEMENT

# These take no lock that blocks a reader or a writer; COPY and the rest are looked at by pgtool.
PLAIN = frozenset("SELECT INSERT UPDATE DELETE WITH VALUES MERGE EXPLAIN SHOW FETCH CLOSE DECLARE RELEASE SAVEPOINT".split())
READS = frozenset("SELECT VALUES EXPLAIN".split())
OF_SESSIONS = frozenset("SHOW FETCH CLOSE DECLARE RELEASE SAVEPOINT ROLLBACK SET RESET BEGIN START COMMIT END ABORT LISTEN"
                        " UNLISTEN DISCARD LOCK DEALLOCATE".split())
WRITES = re.compile(r"\banaly[sz]e\b|\binto\b|\bfrom\s+[\w.\"]+\s*\(", re.I)
WORD = re.compile(r"\s*(\w+)")
# One statement of Django about a table of this schema path; others are looked at by pgtool.
MAKES = re.compile(r'CREATE TABLE "([^"]+)" \(')
CHANGES = re.compile(r'(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX "[^"]+" ON) "([^"]+)" ')
REFERENCE = re.compile("references", re.I)
REFERS = re.compile(r'REFERENCES "([^"]+)"')
CHECKS = re.compile(r'; SET CONSTRAINTS "[^"]+" IMMEDIATE$')  # What Django puts behind an ADD COLUMN that refers.
# A function of the project may do anything, and change the limits, too.
CALLS = re.compile(r"\s*select\s+[\w.\"]+\s*\((?!.*\bfrom\b)", re.I | re.S)
SET_CONFIG = re.compile(r"set_config\s*\(", re.I)
# What Django asks of the catalog before it alters.
OF_CATALOG = re.compile(r"\s*select\b[^;]*\bfrom\s+pg_(?:catalog\.pg_)?(?:constraint|class|index|attribute)\b", re.I)
WEIGHT = {"ShareLock": 1, "ShareRowExclusiveLock": 2, "AccessExclusiveLock": 3}
# A text that was plain once is so again.
KNOWN = {}
MOST_KNOWN = 2000


def first_word(text):
    found = WORD.match(text)
    return found.group(1).upper() if found else ""


def writes(text, word, shape):
    """True for what may leave something behind: functions may, whoever calls them."""
    if word in OF_SESSIONS:
        return False
    if word in READS:
        return ";" in text.rstrip(" ;\n") or bool(CALLS.match(text, 0, 10000) or WRITES.search(text, 0, 10000))
    return bool(word) or not shape.get("reads")


def shape_of(text, word, params, born):
    """In the words of pgtool's answer to `statement`; None when pgtool has to be asked.

    `born`: the tables that its session has made.

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
    return _about_born(text, born)


def remember(text, shape):
    if shape["kind"] == "plain" and shape.get("cached") and len(KNOWN) < MOST_KNOWN and len(text) < 1000:
        KNOWN[text] = shape


def _about_born(text, born):
    """The shape of a statement that only locks tables which its session has made: nobody else uses them."""
    text = CHECKS.sub("", text)
    makes, changes = MAKES.match(text), CHANGES.match(text)
    refers = REFERS.findall(text)
    as_django_writes_it = (makes or changes) and ";" not in text and len(REFERENCE.findall(text)) == len(refers)
    if not as_django_writes_it or not born.issuperset(refers):
        return None
    if not makes and (changes.group(1) not in born or "PARTITION" in text):
        return None
    table = (makes or changes).group(1)
    reference = "ShareRowExclusiveLock"
    own = ("ShareLock" if text.startswith("CREATE") and not makes
           else reference if refers and "ADD CONSTRAINT" in text else "AccessExclusiveLock")
    return {"kind": "plain", "sets": (), "single": True, "makes": makes.groups() if makes else (),
            "locks": [(table, own), *((other, reference) for other in refers)]}


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
