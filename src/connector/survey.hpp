#pragma once

#include "connector/candidate.hpp"
#include "connector/direct_session.hpp"
#include "connector/proofs.hpp"
#include "model/report.hpp"
#include "pg/connect.hpp"
#include "pooler/trouble.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// A password that the project computes for one endpoint, or why it could not.
struct ComputedPassword {
  Secret password;
  std::string error;
};

/// What to find out about one alias or one pair of URLs.
struct SurveyRequest {
  Known known;                    ///< the pooled endpoint and where the direct one may stand
  std::vector<Endpoint> consoles; ///< the pooler's consoles, when somebody named them
  double timeout = 2;             ///< seconds for one connect
  /// Set where the project computes its passwords: the one for another endpoint.
  std::function<ComputedPassword(const Endpoint&)> password_for;
  bool identify = false;      ///< name the pooler and its mode, too
  bool read_settings = false; ///< with identify: all that the pooler's console tells
  bool probe_mode = true;     ///< with identify: find the mode by behaviour where nobody says it
  bool trust_origin = false;
  bool accept_session = false;        ///< a session-safe proxy will do
  bool accept_schema_differs = false; ///< another view will do
  /// The pooled endpoint was tried before and cannot be used: it is not tried again.
  std::optional<ConnectFailure> pooled_failure{};
  /// Where nothing can be compared, an endpoint that the project names with its own secret will do.
  bool accept_uncompared = false;
};

/// A candidate that was not taken, and why.
struct Rejected {
  Endpoint endpoint;
  std::string reason;
  std::string cure;
  bool by_user = false; ///< it was named for this purpose
  bool tried = true;    ///< a connect was made; not where it may not have the password
  bool reached = false; ///< it answered, but a proof failed
  std::vector<Proof> proofs;
  std::string deploy{}; ///< who holds the deploy lock there, when its view differs; "" for nobody

  /// True when no proof failed, but one could not be made.
  [[nodiscard]] bool is_undecided() const;
};

/// The proved direct endpoint.
struct DirectRoute {
  DirectSession session;
  /// Pinned to the one address that was proved. A password that was computed for it is not in it.
  Endpoint endpoint;
  std::vector<Proof> proofs;
  /// Not direct: a proxy that gives each client a server session for life, taken on --accept
  /// session.
  bool session_safe = false;
  bool is_pooled_endpoint = false; ///< the given endpoint is direct itself: there is no pooler
  std::string not_compared;        ///< why the pair could not be compared; "" when it was
};

/// Everything that is known after looking.
struct Survey {
  std::optional<ConnectFailure> pooled_failure; ///< the given endpoint does not answer
  std::optional<Refusal> options_refused;       ///< it answers only without the alias's own options
  std::optional<SessionFacts> pooled_facts;
  PoolerReport pooler;
  std::shared_ptr<DirectRoute> direct; ///< null when none is proved
  std::vector<Rejected> rejected;      ///< best origin first
  std::optional<ConsoleDatabase> console;
  std::shared_ptr<const ConsoleTables> console_tables; ///< null when no console was asked
  std::optional<Trouble> trouble; ///< why the pooler lets nobody through, as far as it is known
  std::vector<Unknown> unknown;
};

/// Opens what is needed side by side and proves. Changes nothing on any server. Throws Interrupted;
/// everything else that goes wrong is part of the answer.
Survey survey(const SurveyRequest& request);

} // namespace pgtool
