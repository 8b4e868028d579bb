"""What an expression in source is as text, as far as that can be seen: parts that cannot become %s."""
import ast
import itertools
import re
import string

UNKNOWN = "%s"
MOST = 16  # of the texts that one expression may be
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([srdifgeExXuc%])")
CLEANS = {"strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip, "dedent": str, "cleandoc": str}
WRAPS = {"SQL", "text", "mark_safe", "str", "Composed", "dedent", "cleandoc"}


def assigned(body):
    """{name: [nodes]} of what a block assigns, without the functions and classes in it."""
    found = {}
    for statement in body:
        _assigned(statement, found)
    return found


def _assigned(node, found):
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _assign(target, node.value, found)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        _assign(node.target, node.value, found)
    elif isinstance(node, ast.NamedExpr):
        _assign(node.target, node.value, found)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add):
        before = found.get(node.target.id) or [ast.Name(node.target.id, ast.Load())]
        found[node.target.id] = [ast.BinOp(left, ast.Add(), node.value) for left in before]
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        _assign_each(node.target, node.iter, found)
    for child in ast.iter_child_nodes(node):
        _assigned(child, found)


def _assign(target, value, found):
    if isinstance(target, ast.Name):
        found.setdefault(target.id, []).append(value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        values = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else None
        for place, one in enumerate(target.elts):
            _assign(one, values[place] if values else ast.Starred(value, ast.Load()), found)


def _assign_each(target, iterated, found):
    if isinstance(iterated, (ast.Tuple, ast.List, ast.Set)):
        for element in iterated.elts:
            _assign(target, element, found)
    else:
        _assign(target, Each(iterated), found)


class Each(ast.expr):
    """Any element of what a loop goes through."""

    _fields = ("value",)


class Texts:
    """Resolves expressions of one file. `scopes` are put on and taken off by whoever walks through it."""

    def __init__(self, tree):
        self.scopes = [assigned(tree.body)]
        self._attributes = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for name, values in assigned(node.body).items():
                    self._attributes.setdefault(name, []).extend(values)
        self._resolving = set()

    def of(self, node):
        """[(text, is wholly known)]"""
        if id(node) in self._resolving or len(self._resolving) > 60:
            return [(UNKNOWN, False)]
        self._resolving.add(id(node))
        try:
            return list(itertools.islice(self._of(node), MOST)) or [(UNKNOWN, False)]
        finally:
            self._resolving.discard(id(node))

    def _of(self, node):
        action = getattr(self, "_" + type(node).__name__, None)
        return action(node) if action else [(UNKNOWN, False)]

    def _Constant(self, node):
        value = node.value
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        return [(value if isinstance(value, str) else str(value), True)]

    def _JoinedStr(self, node):
        return self._joined("", [self._part(part) for part in node.values])

    def _TemplateStr(self, node):
        return self._JoinedStr(node)

    def _part(self, part):
        if isinstance(part, ast.Constant):
            return self.of(part)
        if part.conversion != -1 or getattr(part, "format_spec", None):
            return [(UNKNOWN, False)]
        return self.of(part.value)

    def _joined(self, separator, parts):
        for combination in itertools.islice(itertools.product(*parts), MOST):
            yield separator.join(text for text, _ in combination), all(known for _, known in combination)

    def _BinOp(self, node):
        if isinstance(node.op, ast.Add):
            return self._joined("", [self.of(node.left), self.of(node.right)])
        if isinstance(node.op, ast.Mod):
            return self._formatted(node.left, node.right)
        return [(UNKNOWN, False)]

    def _formatted(self, left, right):
        given = right.elts if isinstance(right, ast.Tuple) else [right]
        named = dict(zip(map(_word, right.keys), right.values)) if isinstance(right, ast.Dict) else {}
        for text, known in self.of(left):
            yield _filled(text, known, {name: self.of(value)[0] for name, value in named.items()},
                          [self.of(value)[0] for value in given])

    def _Call(self, node):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        inner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name == "format" and inner is not None:
            return self._braces(node, inner)
        if name == "join" and inner is not None and node.args and isinstance(node.args[0], (ast.List, ast.Tuple)):
            return [pair for separator, known in self.of(inner)
                    for pair in self._joined(separator, [self.of(part) for part in node.args[0].elts])]
        if name in CLEANS and inner is not None and not node.args:
            return [(CLEANS[name](text), known) for text, known in self.of(inner)]
        if name == "as_string" and inner is not None:
            return self.of(inner)
        if name in WRAPS and node.args:
            return self.of(node.args[0])
        return [(UNKNOWN, False)]

    def _braces(self, node, inner):
        named = {keyword.arg: self.of(keyword.value)[0] for keyword in node.keywords if keyword.arg}
        given = [self.of(value)[0] for value in node.args]
        for text, known in self.of(inner):
            yield _with_braces(text, known, named, given)

    def _Name(self, node):
        for scope in reversed(self.scopes):
            if node.id in scope:
                return [pair for value in scope[node.id] for pair in self.of(value)]
        return [(UNKNOWN, False)]

    def _Attribute(self, node):
        values = self._attributes.get(node.attr, ()) if isinstance(node.value, ast.Name) else ()
        return [pair for value in values for pair in self.of(value)]

    def _IfExp(self, node):
        return self.of(node.body) + self.of(node.orelse)

    def _BoolOp(self, node):
        return [pair for value in node.values for pair in self.of(value)]

    def _NamedExpr(self, node):
        return self.of(node.value)

    def _List(self, node):
        """Several statements, each with its parameters or without."""
        texts = []
        for element in node.elts:
            pair = isinstance(element, (ast.Tuple, ast.List)) and element.elts
            texts += self.of(element.elts[0] if pair else element)
        return texts

    _Tuple = _Set = _List

    def _Each(self, node):
        value = node.value
        if isinstance(value, ast.Name):
            for scope in reversed(self.scopes):
                if value.id in scope:
                    return [pair for found in scope[value.id] if isinstance(found, (ast.List, ast.Tuple, ast.Set))
                            for pair in self.of(found)]
        return [(UNKNOWN, False)]


def _word(node):
    return node.value if isinstance(node, ast.Constant) else None


def _filled(text, known, named, given):
    """The % operator; what is not known stays %s."""
    whole, left = [known], list(given)

    def value(match):
        if match.group(2) == "%":
            return "%"
        found = named.get(match.group(1)) if match.group(1) else left.pop(0) if left else None
        found = found or (UNKNOWN, False)
        whole.append(found[1])
        return found[0]

    return PLACEHOLDER.sub(value, text), all(whole)


def _with_braces(text, known, named, given):
    parts, whole, place = [], [known], 0
    try:
        for before, name, _, _ in string.Formatter().parse(text):
            parts.append(before)
            if name is None:
                continue
            found = given[place] if not name and place < len(given) else named.get(name)
            if name.isdigit() and int(name) < len(given):
                found = given[int(name)]
            place += not name
            found = found or (UNKNOWN, False)
            parts.append(found[0])
            whole.append(found[1])
    except ValueError:
        return text, False
    return "".join(parts), all(whole)
