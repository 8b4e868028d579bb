#include "commands/lint/project_input.hpp"

#include "base/error.hpp"
#include "commands/check/source_files.hpp"
#include "commands/lint/cache/lint_cache.hpp"
#include "commands/lint/migrations.hpp"
#include "commands/lint/process_answers.hpp"
#include "commands/project_link.hpp"

#include <algorithm>
#include <filesystem>

namespace pgtool {
namespace {

constexpr int assumed_version = 15; // where nobody says: what Django asks of it is alike since 12

Value texts(const std::vector<std::string>& words, bool as_paths = false) {
  Value list = Value::array();
  for (const auto& word : words) {
    list.add(as_paths ? std::filesystem::absolute(word).lexically_normal().string() : word);
  }
  return list;
}

Value question_of(const LintOptions& options, const ProjectFiles& files, int server_version) {
  constexpr int per_major = 10000; // as server_version_num counts
  std::vector<std::string> apps;
  std::vector<std::string> names;
  for (const auto& word : options.apps) {
    (word.find('.') == std::string::npos ? apps : names).push_back(word);
  }
  const auto version = server_version > 0 ? server_version : assumed_version;
  return Value::object({{"do", "migrations"},
                        {"alias", options.common.connect.database},
                        {"apps", texts(apps)},
                        {"names", texts(names)},
                        {"files", texts(files.migrations, true)},
                        {"unapplied", options.unapplied},
                        {"all_apps", options.all_apps},
                        {"server_version", version * per_major},
                        {"connect", options.live}});
}

void ask_migrations(const LintOptions& options, const ProjectFiles& files, const LintTerms& terms,
                    const LiveSession& live, ProjectAnswers& project, LintSubject& subject) {
  Value answer;
  const auto failure = project.ask(question_of(options, files, terms.server_version), answer);
  const auto error = failure.empty() ? answer["error"].text() : failure;
  if (!error.empty()) {
    const bool was_chosen = !options.apps.empty() || !files.migrations.empty();
    if (was_chosen && failure.empty()) {
      project.end();
      throw Error(Failure::usage, error, "`manage.py showmigrations` lists them");
    }
    subject.unknown.push_back({"the project's migrations", error, ""});
    return;
  }
  const bool one_plan = options.unapplied || !options.since.empty();
  read_migrations(answer, terms, one_plan, live, options.unapplied ? Before::all : Before::sizes,
                  subject);
}

/// What a file must speak of before it is taken apart.
std::vector<std::string> words_of_sql() {
  return {".execute(", ".executemany(", ".raw(", ".extra(", "RawSQL("};
}

void ask_queries(const std::vector<std::string>& files, const LintTerms& terms,
                 ProjectAnswers& project, LintSubject& subject) {
  if (files.empty()) {
    return;
  }
  Value answer;
  const auto failure =
      project.ask(Value::object({{"do", "queries"}, {"files", texts(files, true)}}), answer);
  const auto error = failure.empty() ? answer["error"].text() : failure;
  if (!error.empty()) {
    subject.unknown.push_back({"the project's source", error, ""});
    return;
  }
  subject.sources += files.size();
  read_queries(answer, terms, subject);
}

std::string mode_of(const ConfigReading& configs) {
  std::string mode = "unknown";
  for (const auto& pooler : configs.poolers) {
    if (pooler.kind != "pgbouncer") {
      continue;
    }
    const auto own = pooler.mode.empty() ? std::string("session") : pooler.mode;
    // Of several the one that shares sessions counts.
    mode = mode == "transaction" || mode == "statement" ? mode : own;
  }
  return mode;
}

/// Everything that is judged, and sets the pool mode of the terms.
void ask_all(const LintOptions& options, const ProjectFiles& files, const LiveSession& live,
             ProjectAnswers& project, LintTerms& terms, LintSubject& subject) {
  const auto& told = project.told();
  subject.silenced_checks = told.silenced_checks;
  if (terms.pool_mode == "unknown") {
    terms.pool_mode = mode_of(project.configs());
  }
  if (!files.chosen || !files.migrations.empty()) {
    ask_migrations(options, files, terms, live, project, subject);
  }
  auto sources = files.sources;
  const bool all_sources = !files.chosen && !options.migrations_only && options.apps.empty();
  const bool may_share = terms.pool_mode != "none" && terms.pool_mode != "session";
  if (all_sources && may_share) {
    auto folders = told.source_dirs;
    if (!told.base_dir.empty()) {
      folders.push_back(told.base_dir);
    }
    auto found = find_source_files(folders, words_of_sql());
    sources = std::move(found.files);
    if (!found.not_read.empty()) {
      subject.unknown.push_back({"the project's source", found.not_read, ""});
    }
  }
  ask_queries(sources, terms, project, subject);
}

} // namespace

std::string configured_mode(const LintOptions& options, const Context& context) {
  return mode_of(pooler_configs(options.common, context));
}

std::optional<LiveDatabase> read_project(const LintOptions& options, const ProjectFiles& files,
                                         LintTerms& terms, const Context& context,
                                         LintSubject& subject) {
  const auto entry = find_project(options.common, context);
  const LintCache cache(options, entry, question_of(options, files, terms.server_version), context);
  if (const auto kept = cache.find()) {
    auto kept_terms = terms;
    LintSubject kept_subject;
    ask_all(options, files, {}, *kept, kept_terms, kept_subject);
    cache.say_used(kept->was_asked_more());
    if (!kept->was_asked_more()) {
      terms = std::move(kept_terms);
      subject = std::move(kept_subject);
      return std::nullopt;
    }
  }
  ProcessAnswers project(open_found_project(options.common, context, entry, cache.is_used()),
                         options.common.connect.database);
  std::optional<LiveDatabase> live;
  if (options.live) {
    live = LiveDatabase::of_project(options.common, project.link(), context);
    take_terms(*live, terms);
  }
  ask_all(options, files, live ? live->session() : LiveSession{}, project, terms, subject);
  if (cache.is_used()) {
    project.ask_dependencies();
  }
  project.end();
  cache.keep(project);
  return live;
}

void take_terms(const LiveDatabase& live, LintTerms& terms) {
  if (terms.pool_mode == "unknown") {
    terms.pool_mode = live.pool_mode();
  }
  if (terms.server_version == 0) {
    terms.server_version = live.server_version();
  }
}

std::optional<LiveDatabase> live_database(const LintOptions& options, const Context& context) {
  if (!options.common.connect.pooled_url.empty() || !options.common.connect.direct_url.empty()) {
    return LiveDatabase::of_urls(options.common, context);
  }
  if (!has_project(options.common, context)) {
    throw Error(Failure::usage, "--live: no URL names a database, and no Django project is here",
                "name it with --pooled-url, --direct-url or --project DIR");
  }
  auto link = open_project(options.common, context, {"check"}, true);
  expect_alias(link, options.common.connect.database);
  auto live = LiveDatabase::of_project(options.common, link, context);
  stop_project(link, 0);
  return live;
}

} // namespace pgtool
