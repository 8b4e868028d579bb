"""What the project's source does that a pool of shared sessions cannot bear; imports and runs nothing of it."""
import ast
import os
import re

from pgtool_bridge import scopes

# Calls that need a session of their own, by where they are imported from.
CALLS = {
    "pglock.advisory", "pglock.timeout", "pgactivity.timeout", "django_pglocks.advisory_lock",
    "django_pg_utils.locks.advisory_lock", "django_pg_utils.locks.async_advisory_lock",
}
QUERIES = {
    "objects", "all", "filter", "exclude", "order_by", "values", "values_list", "annotate", "select_related",
    "prefetch_related", "only", "defer", "distinct", "using", "get_queryset", "_default_manager", "_base_manager",
}
# A pooler gives these to whichever session a client gets.
TRACKED = {"timezone", "time", "client_encoding", "names", "datestyle", "application_name", "standard_conforming_strings", "intervalstyle"}
SETS = re.compile(r"^\s*set\s+(?!local\b|constraints\b|transaction\b|session\s+characteristics\b)(?:session\s+)?([a-z_][\w.]*)", re.I)
CONFIGURES = re.compile(r"\bset_config\s*\(\s*'([\w.]+)'\s*,.*?,\s*'?(?:false|f)'?\s*\)", re.I | re.S)


def uses(files):
    """[{"what", "file", "line", "detail", "aliases"}] of these files; and those that could not be read."""
    found, unread = [], []
    for file in files:
        try:
            found += _Uses(file, scopes.parsed(file)).found
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            unread.append(file)
    return found, unread


class _Uses(scopes.Scopes):
    def __init__(self, file, tree):
        super().__init__()
        self.found = []
        self._file = file
        self._functions = {node.name: node for node in ast.walk(tree) if isinstance(node, scopes.FUNCTIONS)}
        self._told = set()
        self.visit(tree)

    def visit_FunctionDef(self, node):
        if any(map(_is_receiver, node.decorator_list)):
            self._tell_receiver(node)
        super().visit_FunctionDef(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Call(self, node):
        name = self.dotted(node.func)
        if name in CALLS and self._is_imported(node.func):
            self._tell_call(node, name)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "iterator" and not self.atomic:
            self._tell_iterator(node)
        elif name.endswith("connection_created.connect") and node.args:
            receiver = node.args[0]
            function = self._functions.get(getattr(receiver, "id", getattr(receiver, "attr", "")))
            if isinstance(receiver, ast.Lambda) or function:
                self._tell_receiver(function or receiver)
        self.generic_visit(node)

    def _tell(self, what, node, detail, aliases=()):
        self.found.append({"what": what, "file": self._file, "line": node.lineno, "detail": detail, "aliases": list(aliases)})

    def _tell_call(self, node, name):
        words = {keyword.arg: keyword.value for keyword in node.keywords}
        xact, using = words.get("xact"), words.get("using")
        plain_lock = xact is None or (isinstance(xact, ast.Constant) and xact.value is False)
        alias = "default" if using is None else getattr(using, "value", None)
        if plain_lock and not self.atomic and isinstance(alias, str) and None not in words:
            self._tell("call", node, name, [alias])

    def _tell_iterator(self, node):
        names, aliases, part = set(), [], node.func.value
        while isinstance(part, (ast.Attribute, ast.Call)):
            if isinstance(part, ast.Call):
                if getattr(part.func, "attr", "") == "using" and part.args:
                    aliases.append(getattr(part.args[0], "value", None))
                part = part.func
            else:
                names.add(part.attr)
                part = part.value
        first = getattr(part, "id", "").lower()
        if names & QUERIES or first in ("qs", "queryset"):
            self._tell("iterator", node, "", [alias for alias in aliases if isinstance(alias, str)])

    def _tell_receiver(self, function):
        if id(function) in self._told:
            return
        self._told.add(id(function))
        told = receiver(function)
        if told:
            self._tell("connection-created", function, "%s sends %s" % (getattr(function, "name", "a lambda"), told[0]), told[1])

    def _is_imported(self, node):
        while isinstance(node, ast.Attribute):
            node = node.value
        return getattr(node, "id", "") in self.names


def _is_receiver(decorator):
    """@receiver(connection_created)"""
    if not isinstance(decorator, ast.Call) or not decorator.args:
        return False
    signals = getattr(decorator.args[0], "elts", [decorator.args[0]])
    return getattr(decorator.func, "id", getattr(decorator.func, "attr", "")) == "receiver" and any(
        getattr(signal, "id", getattr(signal, "attr", "")) == "connection_created" for signal in signals)


def receiver(function):
    """(the first statement that sets the session, the aliases that the code picks out) or None."""
    picked = _picked(function, "vendor")
    aliases = _picked(function, "alias")
    if picked is None or aliases is None or (picked and "postgresql" not in picked):
        return None
    if not any(isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "execute" for node in ast.walk(function)):
        return None
    for text in _texts(function):
        for statement in text.split(";"):
            said = setting_of(statement)
            if said:
                return said, sorted(aliases)
    return None


def setting_of(statement):
    """The statement that sets the session, without the value; None where it sets nothing that stays there."""
    plain = SETS.match(statement)
    match = plain or CONFIGURES.search(statement)
    if not match or match.group(1).lower() in TRACKED:
        return None
    return "SET %s" % match.group(1) if plain else "set_config('%s', …)" % match.group(1)


def _texts(function):
    """The texts in the code, f-strings with {} for what is not known."""
    inner = set()
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr):
            inner.update(map(id, ast.walk(node)))
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inner.add(id(node.value))  # a docstring
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def _picked(function, attribute):
    """The words that connection.ATTRIBUTE has to be for the code to go on; None when that is not plain."""
    picked, leaving = set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.If) and all(isinstance(step, ast.Return) for step in node.body):
            leaving.add(id(node.test))
        if not isinstance(node, ast.Compare) or getattr(node.left, "attr", "") != attribute:
            continue
        operator, words = node.ops[0], getattr(node.comparators[0], "elts", [node.comparators[0]])
        goes_on = isinstance(operator, (ast.NotEq, ast.NotIn)) if id(node) in leaving else isinstance(operator, (ast.Eq, ast.In))
        texts = [word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)]
        if not goes_on or len(texts) != len(words):
            return None
        picked.update(texts)
    return picked


def connected():
    """The same of the receivers that are connected now, of the project and of its packages."""
    from django.db.backends.signals import connection_created

    from pgtool_bridge import models

    found = []
    for hook in models.receivers(connection_created):
        try:
            tree = ast.parse(_dedented(hook["source"]))
        except (SyntaxError, ValueError, RecursionError):
            continue
        told = receiver(tree)
        if told and hook["file"]:
            found.append({"what": "connection-created", "file": os.path.abspath(hook["file"]), "line": hook["line"],
                          "detail": "%s sends %s" % (hook["name"], told[0]), "aliases": told[1]})
    return found


def _dedented(source):
    import textwrap

    return textwrap.dedent(source)
