"""Takes out of source what is run on no PostgreSQL: branches of `if connection.vendor == …`, and what stands behind a return."""
import ast

POSTGRESQL = "postgresql"
VENDORS = {POSTGRESQL, "postgres", "mysql", "mariadb", "sqlite", "sqlite3", "oracle", "microsoft", "mssql", "sqlserver"}
ENDS = ast.Return, ast.Raise, ast.Continue, ast.Break


def without_others(tree):
    """The tree itself, changed. A test that cannot be decided keeps both of its branches."""
    return _Pruned(tree).visit(tree)


class _Pruned(ast.NodeTransformer):
    def __init__(self, tree):
        values = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    values.setdefault(getattr(target, "id", None), []).append(node.value)
        self._names = {name for name, found in values.items() if all(getattr(value, "attr", "") == "vendor" for value in found)}

    def visit_If(self, node):
        holds = self._holds(node.test)
        if holds is None:
            return self.generic_visit(node)
        kept = []
        for statement in node.body if holds else node.orelse:
            made = self.visit(statement)
            kept += made if isinstance(made, list) else [made]
        return kept

    def visit_IfExp(self, node):
        holds = self._holds(node.test)
        return self.generic_visit(node) if holds is None else self.visit(node.body if holds else node.orelse)

    def generic_visit(self, node):
        super().generic_visit(node)
        for name in "body", "orelse", "finalbody":
            block = getattr(node, name, None)
            if isinstance(block, list):
                end = next((place for place, one in enumerate(block, 1) if isinstance(one, ENDS)), len(block))
                del block[end:]
        return node

    def _holds(self, test):
        """True, False, or None for what is not known."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._holds(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            decides = isinstance(test.op, ast.Or)
            known = [self._holds(value) for value in test.values]
            return decides if decides in known else None if None in known else not decides
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._compared(test.left, test.ops[0], test.comparators[0])
        if isinstance(test, ast.Call) and getattr(test.func, "attr", "") == "startswith" and self._is_vendor(test.func.value):
            words = _words(test.args[0]) if test.args else None
            return None if words is None else POSTGRESQL.startswith(tuple(words))
        return None

    def _compared(self, left, operator, right):
        is_in = isinstance(operator, (ast.In, ast.NotIn))
        if not is_in and not isinstance(operator, (ast.Eq, ast.NotEq)):
            return None
        if self._is_vendor(left):
            words = _words(right)
            # `in` a word looks for a part of it.
            holds = words and (POSTGRESQL in words if not is_in or not isinstance(right, ast.Constant) else POSTGRESQL in words[0])
        elif self._is_vendor(right):
            words = _words(left)
            holds = words and (words[0] in POSTGRESQL if is_in else POSTGRESQL in words)
        else:
            return None
        return None if not words else bool(holds) != isinstance(operator, (ast.NotEq, ast.NotIn))

    def _is_vendor(self, node):
        return getattr(node, "attr", None) == "vendor" or isinstance(node, ast.Name) and node.id in self._names


def _words(node):
    """Of a word or several; None for anything that is not the name of a kind of database: a shop has vendors, too."""
    nodes = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    words = [getattr(one, "value", None) for one in nodes]
    return words if words and all(isinstance(word, str) and word in VENDORS for word in words) else None
