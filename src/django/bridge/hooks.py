"""Patches modules right after they were executed, whenever the project imports them."""
import sys


class PatchingFinder:
    """Lets the other finders find a module, and patches what their loader has executed.

    The loader stays the object that it was, so resources, sources and packages are found as ever.
    """

    def __init__(self, patches):
        self._patches = patches
        self._searching = set()

    def find_spec(self, name, path=None, target=None):
        if name not in self._patches or name in self._searching:
            return None
        self._searching.add(name)
        try:
            spec = self._find_elsewhere(name, path, target)
        finally:
            self._searching.discard(name)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            self._patch_after_execution(spec.loader, name)
        return spec

    def _find_elsewhere(self, name, path, target):
        for finder in sys.meta_path:
            find_spec = getattr(finder, "find_spec", None)
            if finder is self or find_spec is None:
                continue
            spec = find_spec(name, path, target)
            if spec is not None:
                return spec
        return None

    def _patch_after_execution(self, loader, name):
        execute = loader.exec_module

        def exec_module(module):
            execute(module)
            if module.__name__ == name:
                # A loader may serve many modules (zipimport): it is given back untouched.
                loader.__dict__.pop("exec_module", None)
                self._patches[name](module)

        loader.exec_module = exec_module


def install(patches):
    """`patches` maps names of modules to functions that take the module."""
    sys.meta_path.insert(0, PatchingFinder(patches))
    for name, patch in patches.items():
        if name in sys.modules:
            patch(sys.modules[name])
