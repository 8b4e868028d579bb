#include "connector/proofs.hpp"

#include <chrono>
#include <thread>

namespace pgtool {
namespace {

constexpr auto pause = std::chrono::milliseconds(10);

/// A backend and its start, which tells it from a later one with the same pid.
constexpr const char* own_backend =
    "select pg_catalog.concat(pid, ' ', backend_start) as backend"
    " from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())";
constexpr const char* lives =
    "select pg_catalog.count(*) operator(pg_catalog.>) 0 as lives"
    " from pg_catalog.pg_stat_get_activity(null)"
    " where pg_catalog.concat(pid, ' ', backend_start) operator(pg_catalog.=) $1";

} // namespace

bool is_place_unseen(const Judgement& judgement) {
  for (const auto& proof : judgement.proofs) {
    if (proof.name == "client-port" || proof.name == "peer-process") {
      return !proof.holds;
    }
  }
  return true;
}

Proof prove_ending(std::optional<Connection> ending, Connection& watcher, double seconds) {
  constexpr const char* name = "backend-ends";
  auto backend = ending ? ending->attempt(own_backend) : Outcome{{}, Refusal{}};
  if (!backend.ok()) {
    return {name, std::nullopt,
            "no second session could be had to see whether its backend ends with it"};
  }
  const auto words = backend.rows.text(0, "backend");
  ending.reset();
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  while (true) {
    const auto answer = watcher.attempt(lives, {words});
    if (!answer.ok()) {
      return {name, std::nullopt, "it cannot be seen whether a backend ends with its session"};
    }
    if (!answer.rows.truth(0, "lives")) {
      return {name, true, "a backend ended with its session"};
    }
    if (std::chrono::steady_clock::now() > deadline) {
      return {name, false, "a backend outlived its session, as a pooler's do"};
    }
    std::this_thread::sleep_for(pause);
  }
}

} // namespace pgtool
