#include "commands/lint/process_answers.hpp"

#include "base/json.hpp"
#include "commands/lint/cache/plain_secrets.hpp"

namespace pgtool {
namespace {

ToldProject told_by(const ProjectLink& link) {
  const auto& settings = link.settings;
  return {link.question.body["python"].text(),
          settings.django_version,
          settings.settings_module,
          settings.base_dir,
          settings.source_dirs,
          settings.silenced_checks};
}

} // namespace

ProcessAnswers::ProcessAnswers(ProjectLink link, const std::string& alias)
    : link_(std::move(link)) {
  expect_alias(link_, alias);
  answers_.told = told_by(link_);
}

std::string ProcessAnswers::ask(const Value& question, Value& answer) {
  auto failure = ask_project(link_, question, question["do"].text());
  if (failure.empty()) {
    answer = link_.question.body;
    answers_.exchanges.push_back({dump_json(question), answer});
  }
  const auto error = failure.empty() ? answer["error"].text() : failure;
  if (!error.empty()) {
    doubt_ = "what went wrong may pass: " + error;
  }
  return failure;
}

void ProcessAnswers::ask_dependencies() {
  if (!doubt_.empty()) {
    return;
  }
  const auto failure = ask_project(link_, Value::object({{"do", "dependencies"}}), "dependencies");
  if (failure.empty()) {
    noticed_ = link_.question.body;
  } else {
    doubt_ = failure;
  }
}

void ProcessAnswers::end() { stop_project(link_, 0); }

ProcessAnswers::Record ProcessAnswers::record(const Environment& environment) const {
  Record record{answers_, doubt_};
  if (!record.doubt.empty()) {
    return record;
  }
  auto noticed = noticed_dependencies(noticed_);
  record.doubt = noticed.doubt;
  record.answers.dependencies = std::move(noticed.all);
  for (const char* program : {"executable", "base"}) {
    record.answers.depend_on_program(noticed_[program].text());
  }
  const auto secrets = known_secrets(link_.settings, environment);
  for (const auto& exchange : answers_.exchanges) {
    if (holds_any(exchange.answer, secrets)) {
      record.doubt = "the SQL of a migration holds a password";
    }
  }
  return record;
}

} // namespace pgtool
