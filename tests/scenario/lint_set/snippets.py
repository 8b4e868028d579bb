"""What a snippet of the labelled set is: a migration, what was there before it, its label, and what proves the label."""
import re
from dataclasses import dataclass

# A statement ends at a semicolon that stands in no literal, name, comment or dollar quote.
_PIECE = re.compile(r"""\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$).*?\1|--[^\n]*"""
                    r"""|/\*(?:[^*/]|\*(?!/)|/(?!\*)|/\*.*?\*/)*\*/|;|.""", re.S)
_IGNORED = re.compile(r"(?:\s|--[^\n]*|/\*.*?\*/)*", re.S)


@dataclass(frozen=True)
class Snippet:
    name: str
    sql: str
    rules: tuple = ()  # one of each is to be found; "a|b" is satisfied by either
    proofs: tuple = ()
    run: str = "file"  # all in one transaction, or "none": one by one, each in its own
    history: tuple = ()  # earlier migrations, which lint is given
    setup: str = ""  # before the history
    fill: str = ""  # after it
    uses: tuple = ()  # of the old release, besides those of the schema
    refused: tuple = ()  # what the server refuses before, besides what the schema refuses
    pooled: bool = False
    touches: tuple = ()  # tables of which a few rows are changed on purpose
    drops: tuple = ()  # what goes on purpose and is nobody's loss
    before: int = 1000  # the version of PostgreSQL with which the label ceases to be true
    contrib: bool = False  # it needs what comes beside the server

    @property
    def innocent(self):
        return not self.rules

    def __str__(self):
        return self.name


def hazard(name, rules, sql, *proofs, **more):
    return Snippet(name, sql, tuple(rules.split()), proofs, **more)


def innocent(name, sql, **more):
    """It is held to everything, behind a pooler as well."""
    return Snippet(name, sql, **{"pooled": True, **more})


def statements(text):
    """One by one, without those that are comments only."""
    found, current = [], ""
    for match in _PIECE.finditer(text):
        if match.group() == ";":
            found.append(current)
            current = ""
        else:
            current += match.group()
    return [one.strip() for one in [*found, current] if not _IGNORED.fullmatch(one)]
