#pragma once

#include "commands/lint/cache/dependencies.hpp"
#include "commands/lint/cache/stored_answers.hpp"
#include "commands/lint/project_answers.hpp"
#include "commands/project_link.hpp"

namespace pgtool {

/// The project's own process.
class ProcessAnswers : public ProjectAnswers {
public:
  /// `link` was opened for its settings only. Throws Error(Failure::usage) when it has no alias of
  /// that name.
  ProcessAnswers(ProjectLink link, const std::string& alias);

  [[nodiscard]] const ToldProject& told() const override { return answers_.told; }
  [[nodiscard]] const ConfigReading& configs() const override { return link_.configs; }
  std::string ask(const Value& question, Value& answer) override;
  void end() override;
  [[nodiscard]] ProjectLink& link() { return link_; }

  /// Asks, before the end, what the answers depend on; nothing of it when that is not known.
  void ask_dependencies();
  /// All that was said, and in `doubt` why it must not be kept.
  struct Record {
    StoredAnswers answers;
    std::string doubt;
  };
  [[nodiscard]] Record record(const Environment& environment) const;

private:
  ProjectLink link_;
  StoredAnswers answers_;
  Value noticed_;
  std::string doubt_;
};

} // namespace pgtool
