#pragma once

#include <vector>

namespace pgtool {

/// Catches SIGINT, SIGTERM, SIGHUP and SIGCHLD for the rest of the process and ignores SIGPIPE.
/// Called once, by main().
void catch_signals();

/// A descriptor that becomes readable when a caught signal arrives; -1 before catch_signals().
int signal_descriptor();

/// The signals that arrived since the last call, oldest first.
std::vector<int> taken_signals();

/// Takes the signals that arrived and throws Interrupted for the first that asks us to end. A
/// SIGCHLD among them is taken, too: whoever has a child must ask it after each wait.
void throw_if_interrupted();

/// Waits that long, or until a signal arrives that asks us to end: throws Interrupted then.
void wait_interruptibly(double seconds);

} // namespace pgtool
