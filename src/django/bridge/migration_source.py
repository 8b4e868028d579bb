"""Where a migration's operations stand in its file, and what the functions of its RunPython do, by their source."""
import ast
import functools
import os
import re
import sys

from pgtool_bridge import queries, scopes, updates

WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "asave", "acreate",
          "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create", "adelete"}
DML = re.compile(queries.LEADING + r"(?:(?:insert|update|delete|merge|truncate|copy)\b|with\b.*\b(?:insert\s+into|update|delete\s+from)\b)",
                 re.I | re.S)
MODELS = re.compile(r"(?:^|\.)models(?:\.|$)")


@functools.lru_cache(maxsize=None)
def _of_file(file):
    try:
        return scopes.parsed(file)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def source_of(migration):
    from pgtool_bridge import migrations

    return Source(migrations.file_of(migration))


class Source:
    def __init__(self, file):
        self.file = file
        self.tree = _of_file(file) if file else None
        body = self.tree.body if self.tree else ()
        self._class = next((node for node in body if isinstance(node, ast.ClassDef) and node.name == "Migration"), None)
        self.line = self._class.lineno if self._class else 1
        self._assigned = {target.id: node.value for node in body if isinstance(node, ast.Assign)
                          for target in node.targets if isinstance(target, ast.Name)}

    def places(self, migration):
        """[(line, end line)] of each operation; the line of the class for those that cannot be found."""
        nodes, count = self._listed(), len(migration.operations)
        unknown = self.line, self.line
        if None not in nodes:
            return [(node.lineno, node.end_lineno) for node in nodes] if len(nodes) == count else [unknown] * count
        first, last = nodes.index(None), nodes[::-1].index(None)
        known = nodes[:first], nodes[len(nodes) - last:]
        if first + last > count:
            return [unknown] * count
        places = [[(node.lineno, node.end_lineno) for node in part] for part in known]
        return [*places[0], *[unknown] * (count - first - last), *places[1]]

    def _listed(self):
        """The nodes that make up `operations`; None stands for any number of them."""
        nodes = []
        for statement in self._class.body if self._class else ():
            targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            if any(getattr(target, "id", "") == "operations" for target in targets) and getattr(statement, "value", None):
                found = self._elements(statement.value)
                nodes = nodes + found if isinstance(statement, ast.AugAssign) else found
        return nodes

    def _elements(self, node, depth=0):
        if isinstance(node, ast.Name) and depth < 5:
            node = self._assigned.get(node.id)
        if isinstance(node, (ast.List, ast.Tuple)):
            found = []
            for element in node.elts:
                found += self._elements(element.value, depth + 1) if isinstance(element, ast.Starred) else [element]
            return found
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._elements(node.left, depth + 1) + self._elements(node.right, depth + 1)
        return [None]


def python(code, source, models, quoted):
    """What the function of a RunPython does, with the functions of its file that it calls. `models`: those of the state before."""
    while isinstance(code, functools.partial):
        code = code.func
    code = getattr(code, "__func__", code)
    while hasattr(code, "__wrapped__"):
        code = code.__wrapped__
    if not hasattr(code, "__code__"):
        code = getattr(type(code), "__call__", code)
    compiled = getattr(code, "__code__", None)
    file = os.path.abspath(compiled.co_filename) if compiled else None
    told = {"name": getattr(code, "__qualname__", type(code).__name__), "file": file,
            "line": compiled.co_firstlineno if compiled else None, "end_line": None, "imports_models": [], "iterators": [],
            "writes": False, "queries": []}
    tree = (source.tree if file == source.file else _of_file(file)) if file else None
    function = tree and _function(tree, compiled.co_firstlineno, code.__name__)
    if function:
        told.update(line=function.lineno, end_line=function.end_lineno)
        reader = _Function(file, tree, getattr(code, "__globals__", {}), models, quoted)
        told.update(reader.read_from(function))
    return told


def _function(tree, line, name):
    for node in ast.walk(tree):
        if isinstance(node, (*scopes.FUNCTIONS, ast.Lambda)):
            first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
            if line in (first, node.lineno) and getattr(node, "name", "<lambda>") == name:
                return node
    return None


class _Function(queries.Reader):
    keeps_unknown = True

    def __init__(self, file, tree, namespace, models, quoted):
        super().__init__(file, tree)
        self._namespace, self._updates = namespace, updates.Updates(models, self.texts, quoted)
        self._functions = {node.name: node for node in tree.body if isinstance(node, scopes.FUNCTIONS)}
        self._imports, self._models, self._iterators, self._writes = {}, set(), [], False
        self._seen = set()
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.visit(node)

    def read_from(self, function):
        if isinstance(function, ast.Lambda):
            self.visit(function.body)
        else:
            self._enter(function, False)
        writes = self._writes or any(DML.match(query["text"]) for query in self.found if not query["fragment"])
        return {"imports_models": [{"name": name, "line": line} for line, name in sorted(self._models)], "iterators": self._iterators,
                "writes": writes, "queries": self.found}

    def _enter(self, function, atomic, given=None):
        key = function.name, atomic
        if key in self._seen:
            return
        self._seen.add(key)
        before = self.atomic
        self.atomic = atomic or self.begins_atomic(function)
        self.texts.scopes.append({**self.scope_of(function), **(given or {})})
        for child in function.body:
            self.visit(child)
        self.texts.scopes.pop()
        self.atomic = before

    def visit_ImportFrom(self, node):
        super().visit_ImportFrom(node)
        module = "." * node.level + (node.module or "")
        for name in node.names:
            self._imports[name.asname or name.name] = node.lineno, module, name.name

    def visit_Name(self, node):
        if node.id in self._imports:
            line, module, name = self._imports[node.id]
            if self._is_model(node.id, module, name):
                self._models.add((line, name))

    def _is_model(self, local, module, name):
        if name == "get_user_model":
            return True
        found = self._namespace.get(local)
        if found is None:
            package = self._namespace.get("__package__") or ""
            level = len(module) - len(module.lstrip("."))
            base = package.rsplit(".", level - 1)[0] if level > 1 else package
            whole = "%s.%s" % (base, module.lstrip(".")) if level else module
            found = getattr(sys.modules.get(whole.rstrip(".")), name, None)
            if found is None:
                return bool(MODELS.search(module)) and name[:1].isupper()
        meta = getattr(found, "_meta", None)
        return isinstance(found, type) and meta is not None and hasattr(meta, "db_table")

    def visit_Call(self, node):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if isinstance(node.func, ast.Attribute):
            if name == "iterator":
                self._iterators.append({"line": node.lineno, "atomic": self.atomic})
            # A dict's update() takes its words otherwise.
            is_update = name in ("update", "aupdate") and bool(node.keywords) and not node.args
            self._writes |= name in WRITES or is_update
            text = self._updates.sql(node) if is_update else None
            if text:
                self.tell(node, text)
        elif name in self._functions:
            function = self._functions[name]
            given = {argument.arg: [value] for argument, value in zip(function.args.args, node.args)}
            given.update((keyword.arg, [keyword.value]) for keyword in node.keywords if keyword.arg)
            self._enter(function, self.atomic, given)
        super().visit_Call(node)
