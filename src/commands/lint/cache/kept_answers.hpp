#pragma once

#include "commands/lint/cache/stored_answers.hpp"

namespace pgtool {

/// A project as it has answered an earlier run.
class KeptAnswers : public ProjectAnswers {
public:
  KeptAnswers(StoredAnswers answers, ConfigReading configs)
      : answers_(std::move(answers)), configs_(std::move(configs)) {}

  [[nodiscard]] const ToldProject& told() const override { return answers_.told; }
  [[nodiscard]] const ConfigReading& configs() const override { return configs_; }
  std::string ask(const Value& question, Value& answer) override;
  void end() override {}

  /// True when it was asked something that nobody has asked before: what was read is of no use.
  [[nodiscard]] bool was_asked_more() const noexcept { return was_asked_more_; }

private:
  StoredAnswers answers_;
  ConfigReading configs_;
  bool was_asked_more_ = false;
};

} // namespace pgtool
