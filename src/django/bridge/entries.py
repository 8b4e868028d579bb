"""Constraints and indexes with the names that they were born with."""
from pgtool_bridge.columns import LONGEST

TO_FOREIGN = "_fk_%(to_table)s_%(to_column)s"


class Entry:
    """A constraint or index as it was born: its name stays when its table or its columns are renamed, until it is made anew.

    `target`: (table, column) as a foreign key was made to; `refers`: as it refers to by now.
    """

    def __init__(self, kind, fields, table, columns, suffix, postgres=False, target=None):
        self.kind, self.fields, self.table, self.columns = kind, list(fields), table, list(columns)
        self.suffix, self.postgres, self.target, self.refers = suffix, postgres, target, target

    def remake(self, table, column, suffix, target):
        self.table, self.columns, self.suffix = table, [column], suffix
        self.target = self.refers = target

    def name(self, editor):
        if self.postgres:
            return postgres_name(self.table, "_".join(self.columns) if self.suffix != "pkey" else "", self.suffix)
        suffix = self.suffix
        if self.target and "%" in suffix:
            from django.db.backends.utils import split_identifier

            table, column = self.target
            suffix %= {"to_table": split_identifier(table)[1], "to_column": column}
        return editor._create_index_name(self.table, self.columns, suffix=suffix)


def postgres_name(table, columns, label):
    """As makeObjectName() of the server does."""
    table = table.strip('"').rpartition('"."')[2]
    first, second = table.encode(), columns.encode()
    available = LONGEST - len(label) - 1 - (1 if second else 0)
    one, two = len(first), len(second)
    while one + two > available:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [first[:one].decode("utf-8", "ignore"), second[:two].decode("utf-8", "ignore"), label]
    return "_".join(part for part in parts if part)
