"""Every connection that Django opens passes here: rewritten, proved, or refused."""
import functools
import threading
import weakref

from pgtool_bridge import gate, limits, prove, redact

DIRECT, DENY = "direct", "deny"
UNASKED = "pgtool only asks about the project's models: alias '%s' may not connect meanwhile"


def patch(doorkeeper, rewriter, module):
    wrapper = module.BaseDatabaseWrapper
    create, connect = wrapper.__init__, wrapper.connect

    @functools.wraps(create)
    def __init__(self, settings_dict, *args, **kwargs):
        create(self, settings_dict, *args, **kwargs)
        rewriter.apply(self.settings_dict, self.alias)
        doorkeeper.guard(self)

    @functools.wraps(connect)
    def admitted(self, *args, **kwargs):
        doorkeeper.admit(self)
        return connect(self, *args, **kwargs)

    wrapper.__init__, wrapper.connect = __init__, admitted


class Doorkeeper:
    def __init__(self, channel, guard, rewriter):
        self._channel = channel
        self._guard = guard
        self._rewriter = rewriter
        self._wrappers = weakref.WeakSet()
        self._bounded, self._bound = weakref.WeakKeyDictionary(), None

    def admit(self, wrapper):
        """The order for a wrapper that may connect; raises when it may not."""
        is_open = self._guard.lets_open(wrapper.alias)
        if self._guard.refused:
            self.refuse()
        if not is_open:
            raise _denial(wrapper.alias, {"reason": UNASKED % wrapper.alias})
        order = self._rewriter.order(wrapper.alias, wrapper.vendor)
        if order["action"] == DENY:
            raise _denial(wrapper.alias, order)
        self._rewriter.apply(wrapper.settings_dict, wrapper.alias)
        self._wrappers.add(wrapper)
        return order

    def guard(self, wrapper):
        """Put the proof between the driver's connect and Django's first statement, also for engines whose
        connect() is not Django's."""
        opened, reference = type(wrapper).get_new_connection, weakref.ref(wrapper)

        def get_new_connection(*args, **kwargs):
            wrapper = reference()
            order = self.admit(wrapper)
            connection = opened(wrapper, *args, **kwargs)
            if order["action"] == DIRECT:
                self.examine(wrapper, connection, order)
            elif self._bound:
                self._bound(wrapper)
            return connection

        wrapper.get_new_connection = get_new_connection

    def examine(self, wrapper, connection, order):
        """Ask pgtool about a connection that nothing was sent on yet."""
        raw = prove.driver_connection(connection)
        try:
            facts = prove.observe(raw, self._guard.deploy_key)
            if self._is_agreed(wrapper.alias, facts):
                self._prepare(wrapper, raw, facts, order.get("session") or ())
                return
        except prove.Unsuitable as error:
            from pgtool_bridge import failures

            failures.tell(self._channel, "Refused", redact.text(str(error)), alias=wrapper.alias)
        except BaseException:
            connection.close()
            raise
        connection.close()
        self.refuse()

    def _prepare(self, wrapper, raw, facts, session):
        terms = self._guard.migrations
        if not terms:
            return prove.prepare(raw, self._guard.run_key, session)
        bounds = limits.Limits(terms, facts["lock_timeout"], facts["statement_timeout"])
        prove.prepare(raw, self._guard.run_key, [*session, *bounds.baseline(limits.Current.app)])
        self._bounded[wrapper] = raw, facts["server_pid"], bounds
        if self._bound:
            self._bound(wrapper, *self._bounded[wrapper])

    def bound_by(self, bound):
        """Calls `bound(wrapper, raw, pid, limits)` for each connection, now and when it opens: with the wrapper alone
        where it has no limits. Returns the wrappers."""
        if self._bound is None:
            for wrapper in list(self._wrappers):
                bound(wrapper, *self._bounded.get(wrapper, ()))
        self._bound = bound
        return list(self._wrappers)

    def _is_agreed(self, alias, facts):
        reply = self._channel.ask("connected", alias=alias, thread=threading.get_native_id(), **facts)
        return bool(reply.wait().get("ok"))

    def refuse(self):
        """End the run. Every session is cut, so that code that catches this can do nothing more."""
        if self._channel.is_forked:
            gate.leave(1)  # A forked child: the other sessions are its parent's.
        self._guard.refused = True
        for wrapper in list(self._wrappers):
            if wrapper.connection is not None:
                prove.sever(prove.driver_connection(wrapper.connection))
        if threading.current_thread() is threading.main_thread():
            raise SystemExit(1)
        gate.leave(1)


def _denial(alias, order):
    from django.db.utils import OperationalError

    error = OperationalError(order.get("reason") or "pgtool denies connections of alias '%s'" % alias)
    error.raised_by_pgtool = True
    return error
