#include "connector/shared_backends.hpp"

#include "base/text.hpp"

namespace pgtool {

std::set<int> shared_backends(const SurveyRequest& request, int clients) {
  auto endpoint = request.known.pooled;
  // No options and no name of ours: a pooler may refuse the one and keep the other for later
  // clients.
  endpoint.set("options", "");
  endpoint.set("application_name", "");
  endpoint.set("fallback_application_name", "");
  auto opened = connect_side_by_side(
      std::vector<Endpoint>(static_cast<std::size_t>(clients), endpoint), request.timeout);
  std::set<int> pids;
  for (auto& one : opened) {
    if (one.connection) {
      one.connection->set_time_limit(1);
      one.connection->send("begin; select pg_backend_pid() as pid");
    }
  }
  for (auto& one : opened) {
    const auto answer = one.connection ? one.connection->receive() : Outcome{{}, Refusal{}};
    if (const auto pid = answer.ok() ? parse_integer(answer.rows.text(0, "pid")) : std::nullopt) {
      pids.insert(static_cast<int>(*pid));
    }
  }
  for (auto& one : opened) {
    if (one.connection) {
      one.connection->attempt("rollback"); // a client that leaves inside of one costs the session
    }
  }
  return pids;
}

} // namespace pgtool
