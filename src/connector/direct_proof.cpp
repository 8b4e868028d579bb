#include "connector/proofs.hpp"

#include <cstdio>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace pgtool {
namespace {

// The server's and our clock tick apart; a pooled backend is older by far more than this.
constexpr std::int64_t clock_slack_ms = 50;

/// The parent of a process of this machine; 0 when it cannot be seen.
int parent_of(int pid) {
  FILE* file = std::fopen(fmt::format("/proc/{}/stat", pid).c_str(), "re");
  if (file == nullptr) {
    return 0;
  }
  int parent = 0;
  // The name may hold spaces and parentheses; PostgreSQL's own never do.
  const int got = std::fscanf(file, "%*d (%*[^)]) %*c %d", &parent);
  std::fclose(file);
  return got == 1 ? parent : 0;
}

/// True when the process counts pids otherwise than we do (a container whose socket is shared with
/// us): the pid that its backends tell is none of ours.
bool counts_pids_otherwise(int pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("NSpid:")) {
      std::istringstream words(line.substr(6));
      const std::vector<int> pids{std::istream_iterator<int>(words), {}};
      return pids.size() > 1;
    }
  }
  return false;
}

Proof echo_proof(const SessionFacts& facts, const std::string& nonce) {
  return {"startup-option", facts.echo == nonce,
          facts.echo == nonce ? "our start-up option came back"
                              : "our start-up option was dropped on the way"};
}

Proof pid_proof(const SessionFacts& facts) {
  return {
      "backend-pid", facts.key_pid == facts.server_pid,
      fmt::format("the login's key says {}, the backend is {}", facts.key_pid, facts.server_pid)};
}

Proof age_proof(const SessionFacts& facts) {
  return {"backend-age", !backend_is_older(facts),
          fmt::format("the backend is {} ms old, our connection {} ms", facts.backend_age_ms,
                      facts.our_age_ms)};
}

Proof peer_proof(const SessionFacts& facts) {
  const int parent = counts_pids_otherwise(facts.peer_pid) ? 0 : parent_of(facts.server_pid);
  if (facts.peer_pid == 0 || parent == 0) {
    return {"peer-process", std::nullopt, "the processes behind the socket cannot be seen"};
  }
  return {"peer-process", facts.peer_pid == parent,
          fmt::format("the socket's listener is process {}, the backend's parent {}",
                      facts.peer_pid, parent)};
}

Proof port_proof(const SessionFacts& facts) {
  const auto observed =
      fmt::format("our port is {}, the server sees {}", facts.local_port, facts.seen_port);
  if (facts.local_port == facts.seen_port) {
    return {"client-port", true, observed};
  }
  return {"client-port", std::nullopt, observed + ": something stands between"};
}

Proof pgpool_proof(const SessionFacts& facts) {
  return {"no-pgpool", facts.pgpool_version.empty(),
          facts.pgpool_version.empty() ? "SHOW pool_version is an error"
                                       : "it answers as Pgpool-II " + facts.pgpool_version};
}

} // namespace

bool backend_is_older(const SessionFacts& facts) {
  return facts.backend_age_ms > facts.our_age_ms + clock_slack_ms;
}

Judgement judge_direct(const SessionFacts& facts, const std::string& nonce) {
  auto judgement =
      conclude({echo_proof(facts, nonce), pid_proof(facts), age_proof(facts),
                facts.socket ? peer_proof(facts) : port_proof(facts), pgpool_proof(facts)});
  if (!judgement.holds) {
    judgement.reason = "it is not PostgreSQL itself: " + judgement.reason;
  }
  return judgement;
}

} // namespace pgtool
