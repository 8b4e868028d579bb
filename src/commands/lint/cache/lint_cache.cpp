#include "commands/lint/cache/lint_cache.hpp"

#include "commands/lint/cache/key.hpp"

namespace pgtool {
namespace {

constexpr std::size_t most_files = 64;
constexpr std::uintmax_t most_bytes = 64U << 20;

/// Why answers are not kept at all; "" when they are.
std::string obstacle(const LintOptions& options, const EntryPoint& entry, const KeptFiles& files) {
  if (options.no_cache) {
    return "--no-cache was given";
  }
  if (options.unapplied || options.live) {
    return "the database is asked";
  }
  if (entry.starts_python_itself()) {
    return "nobody knows what " + entry.command.front() + " does before it starts Python";
  }
  return files.refusal();
}

} // namespace

LintCache::LintCache(const LintOptions& options, const EntryPoint& entry, const Value& question,
                     const Context& context)
    : options_(options), entry_(entry), context_(context),
      files_(options.no_cache ? Environment{} : context.environment, "lint") {
  const auto why_not = obstacle(options, entry, files_);
  used_ = why_not.empty();
  if (used_) {
    name_ = cache_key(options.common, entry, question, context.environment);
  } else {
    say("not used: " + why_not);
  }
}

std::unique_ptr<KeptAnswers> LintCache::find() const {
  if (!used_) {
    return nullptr;
  }
  const auto text = files_.read(name_);
  if (!text) {
    say("nothing is kept of this project, with these options and variables");
    return nullptr;
  }
  const auto stored = stored_text(*text);
  if (const auto changed = stored ? what_changed(stored->dependencies) : std::nullopt) {
    say("not used: " + *changed);
    return nullptr;
  }
  auto answers = stored ? answers_of(*stored) : std::nullopt;
  if (!answers) {
    say("not used: what was kept is damaged");
    return nullptr;
  }
  return std::make_unique<KeptAnswers>(std::move(*answers),
                                       pooler_configs(options_.common, context_));
}

void LintCache::keep(const ProcessAnswers& answers) const {
  if (!used_) {
    return;
  }
  auto record = answers.record(context_.environment);
  if (!record.doubt.empty()) {
    say("the answers are not kept: " + record.doubt);
    return;
  }
  record.answers.depend_on_program(entry_.python);
  std::erase_if(record.answers.dependencies, [this](const Dependency& one) {
    return one.path == files_.path(); // a project in which everything is walked through
  });
  if (!files_.write(name_, text_of(record.answers))) {
    say("the answers could not be written");
    return;
  }
  files_.keep_at_most(most_files, most_bytes);
}

void LintCache::say_used(bool was_asked_more) const {
  say(was_asked_more
          ? "not used: other source is to be read than before"
          : "the project is not started: nothing has changed that its answers depend on");
}

void LintCache::say(const std::string& words) const {
  if (options_.common.output.verbosity >= 2) {
    context_.say("cache: " + words);
  }
}

} // namespace pgtool
