"""Reads source by Python's own parser, with two things in mind: what a name was imported as, and whether it is in a transaction."""
import ast

FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef


class Scopes(ast.NodeVisitor):
    def __init__(self):
        self.names, self.atomic = {}, False

    def visit_Import(self, node):
        for name in node.names:
            self.names[name.asname or name.name.partition(".")[0]] = name.name if name.asname else name.name.partition(".")[0]

    def visit_ImportFrom(self, node):
        for name in node.names:
            self.names[name.asname or name.name] = "%s.%s" % (node.module or "", name.name)

    def visit_FunctionDef(self, node):
        before = self.atomic
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.atomic = self.begins_atomic(node)
        for child in node.body:
            self.visit(child)
        self.atomic = before

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_With(self, node):
        before = self.atomic
        for item in node.items:
            self.visit(item.context_expr)
            self.atomic = self.atomic or self.is_atomic(item.context_expr)
        for child in node.body:
            self.visit(child)
        self.atomic = before

    visit_AsyncWith = visit_With

    def begins_atomic(self, function):
        return any(self.is_atomic(decorator) for decorator in function.decorator_list)

    def is_atomic(self, node):
        if isinstance(node, ast.Call):
            if self.dotted(node.func).rpartition(".")[2] == "method_decorator" and node.args:
                return self.is_atomic(node.args[0])
            node = node.func
        return self.dotted(node).rpartition(".")[2] == "atomic"

    def dotted(self, node):
        """The whole name of what a name or an attribute stands for."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ".".join(parts)
        return ".".join([self.names.get(node.id, node.id), *parts])


def parsed(file):
    with open(file, "rb") as source:
        return tree_of(source.read())


def tree_of(text):
    """Of bytes: what may be run where the database is PostgreSQL."""
    tree = ast.parse(text)
    if b".vendor" not in text:  # Most are spared the walk.
        return tree
    from pgtool_bridge import branches

    return branches.without_others(tree)
