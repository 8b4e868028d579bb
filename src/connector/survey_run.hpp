#pragma once

#include "connector/pooled_side.hpp"
#include "connector/survey.hpp"

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

  void first_round();
  void second_round();
  void read_facts();
  void judge_alias();
  void open_candidates(SideBySide& opening, std::vector<Candidate> found);
  [[nodiscard]] std::vector<Candidate> affordable(std::vector<Candidate> found, int reserved);
  [[nodiscard]] std::vector<Candidate> allowed(std::vector<Candidate> found);
  [[nodiscard]] std::string compute_password(Candidate& candidate) const;
  void decline(const Candidate& candidate, std::string reason, std::string cure);
  [[nodiscard]] std::vector<Candidate> collect(Moment moment);

  [[nodiscard]] std::string source_of(const Candidate& candidate,
                                      const ConnectFailure& failure) const;
  [[nodiscard]] std::string cure_of(const Tried& tried, const ConnectFailure& failure) const;
  [[nodiscard]] std::string cure_of_view() const;
  void judge_tried();
  void judge(Tried& tried);
  [[nodiscard]] Judgement judge_candidate(const Tried& tried) const;
  [[nodiscard]] std::optional<Proof> prove_session(Tried& tried);
  static void add_ending(Judgement& judgement, std::optional<Connection> ending,
                         Connection& watcher);
  void take_self(Connection connection, SessionFacts facts, Judgement judgement);
  void reject(const Tried& tried, std::string reason, std::string cure, bool reached,
              std::vector<Proof> proofs);
  /// A new session through the pooler for one that was lost; false when there is none.
  bool reopen_pooled();
  bool prove_same(Tried& tried, const SessionFacts& facts, std::vector<Proof>& proofs,
                  std::string& not_compared);
  void accept(Tried& tried, SessionFacts facts, std::vector<Proof> proofs,
              std::string not_compared);

  void read_console_tables();
  void find_mode();
  void note_configured_modes();
  [[nodiscard]] std::optional<PoolMode> tried_mode();
  void finish();
  [[nodiscard]] std::optional<Trouble> find_trouble() const;

  const SurveyRequest& request_;
  std::string nonce_;
  Known known_;
  PooledSide pooled_;
  Survey survey_;
  ConsoleAnswer console_;
  std::vector<PoolMode> modes_; ///< every answer to "which mode", in the order they were had
  std::vector<Tried> tried_;
  int candidate_logins_ = 0;
};

} // namespace pgtool
