"""The tables of ManyToManyFields, which have no model of their own in a migration state."""
from pgtool_bridge.columns import column_of, default_table, join_table_of, table_of
from pgtool_bridge.entries import TO_FOREIGN, Entry
from pgtool_bridge.lazy_state import references


class Joins:
    """Keeps what they have in the entries of a catalog."""

    def __init__(self, entries, retyped):
        self._entries, self._retyped, self._ends, self._tables = entries, retyped, {}, {}

    def add(self, model, name, field, state):
        if not field.many_to_many or field.remote_field.through is not None:
            return
        key = model.app_label, ("%s_%s" % (model.name, name)).lower()
        self._ends[key] = ends = (model.app_label, model.name_lower), next(references(model, [field]), ("", ""))
        self._tables[key] = join_table_of(model, name, field)
        self._entries[key] = list(self._born(self._tables[key], ends, model, state))

    def _born(self, table, ends, model, state):
        yield Entry("primary", ["id"], table, ["id"], "pkey", True)
        names = [end[1] for end in ends]
        names = ["from_" + names[0], "to_" + names[1]] if ends[0] == ends[1] else names
        for name, end in zip(names, ends):
            other = model if end == ends[0] else state.models.get(end)
            if other is not None:
                to = table_of(other), next((column_of(*pair) for pair in other.fields.items() if pair[1].primary_key), "id")
                yield Entry("foreign", [name], table, [name + "_id"], TO_FOREIGN, target=to)
            yield Entry("index", [name], table, [name + "_id"], "")
        yield Entry("unique", names, table, [name + "_id" for name in names], "_uniq")

    def table(self, key):
        return self._tables.get(key)

    def becoming(self, old, new):
        """{key after a model is renamed: key before}"""
        return {_renamed(key, ends, old, new): key for key, ends in self._ends.items() if old in ends}

    def rename(self, old, new, state):
        for after, key in self.becoming(old, new).items():
            ends = self._ends.pop(key)
            self._ends[after] = tuple(new if end == old else end for end in ends)
            self._entries[after] = entries = self._entries.pop(key, [])
            table, before = self._tables.pop(key), default_table(*old) + "_"
            if ends[0] == old and table.startswith(before):
                table = default_table(*new, table[len(before):])
            self._tables[after] = table
            for entry in entries:
                self._rename(entry, table, old, new, state)

    def _rename(self, entry, table, old, new, state):
        """The columns that are named by the model are renamed, too, and their foreign keys made anew."""
        names = {prefix + old[1]: prefix + new[1] for prefix in ("", "from_", "to_")}
        changed = [name for name in entry.fields if name in names]
        entry.fields = [names.get(name, name) for name in entry.fields]
        if entry.kind != "foreign" or not changed:
            return
        to = state.models[old].options.get("db_table") or default_table(*new)
        entry.remake(table, entry.fields[0] + "_id", TO_FOREIGN, (to, entry.refers[1]))


def _renamed(key, ends, old, new):
    return (key[0], new[1] + key[1][len(old[1]):]) if ends[0] == old else key
