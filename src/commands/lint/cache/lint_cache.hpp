#pragma once

#include "base/kept_files.hpp"
#include "commands/context.hpp"
#include "commands/lint/cache/kept_answers.hpp"
#include "commands/lint/process_answers.hpp"
#include "commands/options.hpp"

#include <memory>
#include <optional>
#include <string>

namespace pgtool {

/// Answers of projects from one run of lint to the next, so that a project of which nothing has
/// changed is not started. Where keeping them does not work, lint works as if nothing was kept.
class LintCache {
public:
  /// `question` is the first one that will be asked.
  LintCache(const LintOptions& options, const EntryPoint& entry, const Value& question,
            const Context& context);

  /// False where answers are not to be kept, so that nobody needs to know what they depend on.
  [[nodiscard]] bool is_used() const noexcept { return used_; }
  /// What still holds of an earlier run; null when nothing does.
  [[nodiscard]] std::unique_ptr<KeptAnswers> find() const;
  void keep(const ProcessAnswers& answers) const;
  /// Tells whoever wants to know how the answers were had: from an earlier run, which was asked all
  /// of this, or not.
  void say_used(bool was_asked_more) const;

private:
  void say(const std::string& words) const;

  const LintOptions& options_;
  const EntryPoint& entry_;
  const Context& context_;
  bool used_ = false;
  KeptFiles files_;
  std::string name_;
};

} // namespace pgtool
