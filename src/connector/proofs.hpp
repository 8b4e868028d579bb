#pragma once

#include "model/report.hpp"
#include "pg/connection.hpp"
#include "pg/session_facts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What a set of proofs comes to.
struct Judgement {
  std::vector<Proof> proofs;
  bool holds = false;
  std::string reason; ///< the first proof that failed, in words; "" when all hold
};

/// Whether the backend began before our connect, which only a pooled one can have done.
bool backend_is_older(const SessionFacts& facts);

/// Holds unless one of the proofs failed; one that could not be made does not count.
Judgement conclude(std::vector<Proof> proofs);

/// Proof of direct: is this session a PostgreSQL backend of its own? All of: our start-up option
/// came back, the login's key is the backend's pid, the backend is not older than our connect, the
/// server sees our own port (on a unix socket: the listener is the backend's parent), and SHOW
/// pool_version is an error. A port that differs while all else holds is an address translation, or
/// a pooler: prove_ending() tells them apart.
Judgement judge_direct(const SessionFacts& facts, const std::string& nonce);

/// True when neither our port nor the socket's listener shows that nothing stands between.
bool is_place_unseen(const Judgement& judgement);

/// Proof that stands in for those: a backend of PostgreSQL's ends with its session, a pooler keeps
/// it for the next client. Closes `ending`, and looks for its backend from `watcher`, another
/// session there. pgagroal 1.6 passes all other proofs on a server session that it opens for us.
/// Waits `seconds` for it to end; does not hold when it lives on, and is empty when nobody can
/// tell.
Proof prove_ending(std::optional<Connection> ending, Connection& watcher, double seconds);

/// Proof of the same place: same cluster, same database, neither a standby, shown by an advisory
/// lock that the direct session holds for a moment and the pooled one sees in pg_locks under the
/// direct session's pid. Works in every pool mode, and leaves nothing behind.
Judgement judge_same_place(Connection& pooled, const SessionFacts& pooled_facts, Connection& direct,
                           const SessionFacts& direct_facts);

/// Proof of the same view: user, session user, schemas and the home of django_migrations are equal.
Judgement judge_same_view(const SessionFacts& pooled, const SessionFacts& direct);

} // namespace pgtool
