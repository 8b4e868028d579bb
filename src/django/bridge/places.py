"""Where the settings say what they say: the file and line of DATABASES, of its aliases and of their keys.

Reads the source of the settings module and of what it includes; imports nothing and runs nothing.
"""
import ast
import glob
import os
import sys

NAMES = ("DATABASES", "INSTALLED_APPS", "MIDDLEWARE", "CHANNEL_LAYERS")
MOST_FILES = 30
# What an entry says of itself in plain words: another one is that of another branch.
PLAIN = ("ENGINE", "NAME", "HOST", "PORT", "USER")


def find(module, databases):
    """{"file": that of the settings, "places": {"DATABASES.default.OPTIONS": [file, line]}}"""
    file = getattr(sys.modules.get(module), "__file__", None)
    reader = _Reader(module, databases)
    if file:
        reader.read(file, module, os.path.basename(file) == "__init__.py")
    return {"file": file, "places": reader.places}


class _Reader:
    def __init__(self, module, databases):
        self.places = {}
        self._top = module.partition(".")[0]
        self._databases = databases
        self._seen = set()

    def read(self, file, module, is_package):
        file = os.path.abspath(file)
        if file in self._seen or len(self._seen) >= MOST_FILES:
            return
        self._seen.add(file)
        try:
            with open(file, "rb") as source:
                tree = ast.parse(source.read())
        except (OSError, SyntaxError, ValueError, RecursionError):
            return
        self._file, self._package = file, module if is_package else module.rpartition(".")[0]
        self._statements(tree.body)

    def _inner(self, file, module, is_package):
        before = self._file, self._package
        self.read(file, module, is_package)
        self._file, self._package = before

    def _statements(self, statements):
        for statement in statements:
            if isinstance(statement, ast.ImportFrom):
                self._follow(statement)
            elif isinstance(statement, ast.Assign):
                for target in statement.targets:
                    self._assign(target, statement.value, statement)
            elif isinstance(statement, ast.AnnAssign) and statement.value:
                self._assign(statement.target, statement.value, statement)
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                self._call(statement.value)
            elif not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for part in ("body", "orelse", "finalbody"):
                    self._statements(getattr(statement, part, ()))
                for handler in getattr(statement, "handlers", ()):
                    self._statements(handler.body)

    def _follow(self, statement):
        """What was imported already, of the same package."""
        base = self._package.split(".")
        if statement.level:
            base = base[: len(base) - statement.level + 1]
            name = ".".join([*base, *filter(None, [statement.module])])
        else:
            name = statement.module or ""
        inside = sys.modules.get(name)
        file = getattr(inside, "__file__", None)
        if file and file.endswith(".py") and name.partition(".")[0] == self._top:
            self._inner(file, name, hasattr(inside, "__path__"))

    def _assign(self, target, value, statement):
        path = _path_of(target)
        if path and path[0] in NAMES:
            self._forget(path)
            self._note(path, statement.lineno)
            self._value(path, value)

    def _call(self, call):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name == "include":  # of split_settings
            for argument in call.args:
                self._include(argument)
        elif name == "update" and isinstance(call.func, ast.Attribute):
            path = _path_of(call.func.value)
            if path and path[0] in NAMES:
                for argument in call.args:
                    self._value(path, argument)
                self._keywords(path, call.keywords)

    def _include(self, argument):
        pattern = _text_of(argument)
        if pattern is None and isinstance(argument, ast.Call) and argument.args:
            pattern = _text_of(argument.args[0])  # optional('local.py')
        if pattern:
            for file in sorted(glob.glob(os.path.join(os.path.dirname(self._file), pattern))):
                self._inner(file, self._package + ".", False)

    def _value(self, path, value):
        if isinstance(value, ast.Dict):
            if not self._is_this_one(path, value):
                return self._forget(path)
            for key, inner in zip(value.keys, value.values):
                text = _text_of(key) if key is not None else None
                if text is not None:
                    self._note((*path, text), key.lineno)
                    self._value((*path, text), inner)
        elif isinstance(value, ast.Call) and getattr(value.func, "id", "") == "dict":
            self._keywords(path, value.keywords)

    def _keywords(self, path, keywords):
        for keyword in keywords:
            if keyword.arg:
                self._note((*path, keyword.arg), getattr(keyword, "lineno", keyword.value.lineno))
                self._value((*path, keyword.arg), keyword.value)

    def _is_this_one(self, path, value):
        """False for an entry of DATABASES that says something else than what is in force."""
        if path[0] != "DATABASES" or len(path) != 2:
            return True
        real = self._databases.get(path[1]) or {}
        for key, inner in zip(value.keys, value.values):
            name = _text_of(key) if key is not None else None
            if name in PLAIN and isinstance(inner, ast.Constant) and str(inner.value or "") != str(real.get(name) or ""):
                return False
        return True

    def _note(self, path, line):
        self.places[".".join(path)] = [self._file, line]

    def _forget(self, path):
        whole = ".".join(path)
        for name in [name for name in self.places if name == whole or name.startswith(whole + ".")]:
            del self.places[name]


def _text_of(node):
    if isinstance(node, getattr(ast, "Index", ())) and hasattr(node, "value"):  # Python 3.8
        node = node.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _path_of(target):
    """("DATABASES", "default") of DATABASES["default"]; None for anything else."""
    parts = []
    while isinstance(target, ast.Subscript):
        text = _text_of(target.slice)
        if text is None:
            return None
        parts.insert(0, text)
        target = target.value
    return (target.id, *parts) if isinstance(target, ast.Name) else None
