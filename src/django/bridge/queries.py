"""The SQL that source sends, as far as its text can be seen; imports and runs nothing."""
import ast
import re

from pgtool_bridge import scopes, texts

SENDS = {"execute", "executemany", "raw", "RawSQL", "RunSQL", "callproc", "extra"}
MENTIONED = re.compile(rb"\b(?:%s)\b" % "|".join(sorted(SENDS)).encode())
FRAGMENTS = {"RawSQL", "extra"}
PARAMS = {"params", "args", "vars", "param_list"}
# What begins a statement, so that other methods with these names are left alone.
LEADING = r"(?:\s|--[^\n]*\n|/\*(?:(?!\*/).)*\*/|\()*"
STATEMENT = re.compile(
    LEADING + r"(?:%s\s+)?(?:select|insert|update|delete|with|merge|values|table|copy|create|alter|drop|truncate|lock|set|reset"
    r"|show|listen|unlisten|notify|prepare|execute|deallocate|declare|fetch|move|close|discard|vacuum|analy[sz]e|reindex|cluster"
    r"|refresh|do|call|begin|start|commit|end|rollback|abort|savepoint|release|grant|revoke|comment|explain|load|checkpoint"
    r"|import|reassign|security)\b", re.I | re.S)


def answer(question):
    """{"queries": […], "unread": [{"file", "why"}]} of these files."""
    found, unread = [], []
    for file in question["files"]:
        try:
            with open(file, "rb") as source:
                text = source.read()
            if MENTIONED.search(text):  # Most files are spared the parser.
                reader = Reader(file, scopes.tree_of(text))
                reader.read()
                found += reader.found
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
            why = "line %d: %s" % (error.lineno or 0, error.msg) if isinstance(error, SyntaxError) else str(error)
            unread.append({"file": file, "why": why or type(error).__name__})
    return {"queries": found, "unread": unread}


class Reader(scopes.Scopes):
    """Of a whole file; what nothing is known of is left out unless `keeps_unknown`."""

    keeps_unknown = False

    def __init__(self, file, tree):
        super().__init__()
        self.found = []
        self._file, self.tree, self.texts = file, tree, texts.Texts(tree)

    def read(self):
        self.visit(self.tree)

    def visit_FunctionDef(self, node):
        self.texts.scopes.append(self.scope_of(node))
        super().visit_FunctionDef(node)
        self.texts.scopes.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def scope_of(self, function):
        scope = texts.assigned(function.body)
        arguments = function.args
        for argument in (*arguments.args, *arguments.kwonlyargs):  # Unknown, whatever the module calls so.
            scope.setdefault(argument.arg, [])
        return scope

    def visit_Call(self, node):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in SENDS:
            for text in self._sent(name, node):
                self._tell(name, node, *text)
        self.generic_visit(node)

    def _sent(self, name, node):
        if name == "extra":
            words = {keyword.arg: keyword.value for keyword in node.keywords}
            parts = list(getattr(words.get("where"), "elts", ()))  # The others are names of tables and of columns.
            parts += getattr(words.get("select"), "values", ())
            return [pair for part in parts for pair in self.texts.of(part)]
        argument = node.args[0] if node.args else next(
            (keyword.value for keyword in node.keywords if keyword.arg in ("sql", "query", "raw_query", "procname")), None)
        if argument is None:
            return []
        if name == "callproc":
            return [("SELECT %s()" % text, known) for text, known in self.texts.of(argument)]
        return self.texts.of(argument)

    def _tell(self, name, node, text, known):
        fragment = name in FRAGMENTS
        if not text.strip() or text == texts.UNKNOWN and not self.keeps_unknown:
            return
        if not fragment and not STATEMENT.match(text) and not (text.startswith(texts.UNKNOWN) and self.keeps_unknown):
            return
        given = name != "RunSQL" and (len(node.args) > 1 or any(keyword.arg in PARAMS for keyword in node.keywords))
        self.tell(node, text, dynamic=not known, fragment=fragment, params=given)

    def tell(self, node, text, dynamic=False, fragment=False, params=True):
        self.found.append({"text": text, "file": self._file, "line": node.lineno, "dynamic": dynamic, "atomic": self.atomic,
                           "fragment": fragment, "params": params})
