#pragma once

#include "connector/survey.hpp"
#include "pooler/sighting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// The steps of one survey; survey() drives it.
class SurveyRun {
public:
  explicit SurveyRun(const SurveyRequest& request);
  Survey run();

private:
  struct Tried {
    Candidate candidate;
    ConnectResult result;
    SessionReading reading; ///< meaningful when there is a connection
    bool session_safe = false;
  };

  /// A session and where its facts go.
  struct Asked {
    Connection* session;
    SessionReading* reading;
  };

  void first_round();
  void second_round();
  void read_pooled(ConnectResult plain, ConnectResult probe);
  void read_facts(std::vector<Asked> asked);
  void note_alias_probe(ConnectResult& probe, SessionReading reading);
  void open_pooled(ConnectResult result);
  void note_pooled_facts(SessionReading reading);
  void note_console(ConnectResult result);
  void open_late(std::vector<Candidate> late);
  [[nodiscard]] std::vector<Candidate> allowed(std::vector<Candidate> found);
  [[nodiscard]] std::string compute_password(Candidate& candidate) const;
  void decline(const Candidate& candidate, std::string reason, std::string cure);
  [[nodiscard]] Endpoint probed(Endpoint endpoint) const;
  [[nodiscard]] Endpoint console_endpoint() const;
  [[nodiscard]] std::vector<Endpoint> console_endpoints() const;

  [[nodiscard]] std::string source_of(const Candidate& candidate,
                                      const ConnectFailure& failure) const;
  void judge_tried();
  void judge(Tried& tried);
  [[nodiscard]] Judgement judge_candidate(const Tried& tried) const;
  [[nodiscard]] std::optional<Proof> prove_session(Tried& tried);
  void take_self(Connection connection, SessionFacts facts, Judgement judgement);
  void reject(const Tried& tried, std::string reason, std::string cure, bool reached,
              std::vector<Proof> proofs);
  bool prove_same(Tried& tried, const SessionFacts& facts, std::vector<Proof>& proofs,
                  std::string& not_compared);
  void accept(Tried& tried, SessionFacts facts, std::vector<Proof> proofs,
              std::string not_compared);

  void find_mode();
  void finish_identity();

  const SurveyRequest& request_;
  std::string nonce_;
  Known known_;
  Survey survey_;
  Sighting sighting_;
  std::optional<Connection> pooled_;
  std::optional<Connection> second_; ///< another client of the pool, for the mode probe
  std::optional<Connection> console_;
  bool console_tried_ = false;
  std::vector<Tried> tried_;
};

} // namespace pgtool
