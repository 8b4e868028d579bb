#pragma once

#include "base/value.hpp"
#include "pooler/config/pooler_config.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What lint needs of a project's settings.
struct ToldProject {
  std::string python; ///< versions
  std::string django;
  std::string settings_module;
  std::string base_dir;
  std::vector<std::string> source_dirs;
  std::vector<std::string> silenced_checks;
};

/// A project that answers questions.
class ProjectAnswers {
public:
  ProjectAnswers() = default;
  ProjectAnswers(const ProjectAnswers&) = delete;
  ProjectAnswers& operator=(const ProjectAnswers&) = delete;
  virtual ~ProjectAnswers() = default;

  [[nodiscard]] virtual const ToldProject& told() const = 0;
  /// What the poolers' configurations say now.
  [[nodiscard]] virtual const ConfigReading& configs() const = 0;
  /// Fills in the answer to a question, whose `do` is the name of the event that answers. Else the
  /// words say why none came.
  virtual std::string ask(const Value& question, Value& answer) = 0;
  /// There are no more questions.
  virtual void end() = 0;
};

} // namespace pgtool
