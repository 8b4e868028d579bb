"""Migrations with labels: what each does to a database in service."""
from lint_set import changes, columns, constraints, data, failures, indexes, partitions, pooling, tables, transactions

FAMILIES = (indexes, columns, constraints, partitions, tables, failures, changes, data, transactions, pooling)
SNIPPETS = [snippet for family in FAMILIES for snippet in family.SNIPPETS]
