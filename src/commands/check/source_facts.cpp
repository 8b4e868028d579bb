#include "commands/check/source_facts.hpp"

#include "base/shown_path.hpp"
#include "commands/check/source_files.hpp"
#include "commands/check/worker_facts.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// What a file must speak of before it is taken apart. Who iterates matters only where there are
/// cursors to be turned off.
std::vector<std::string> words_for(const Deployment& deployment) {
  std::vector<std::string> words{"connection_created", "pglock", "pgactivity", "advisory_lock"};
  const bool has_cursors = std::any_of(
      deployment.aliases.begin(), deployment.aliases.end(),
      [](const AliasFacts& alias) { return alias.is_pooled() && alias.alias.server_side_cursors; });
  if (has_cursors) {
    words.emplace_back(".iterator(");
  }
  return words;
}

bool shares(const AliasFacts& alias) {
  return alias.shares_sessions() || (alias.is_pooled() && alias.pool_mode == "unknown");
}

Place place_of(const Value& place, const std::string& object) {
  return {shown_path(place.elements()[0].text()), static_cast<int>(place.elements()[1].number()),
          object};
}

void note_places(const Value& places, Deployment& deployment) {
  auto& project = *deployment.project;
  for (const auto& [name, value] : places.members()) {
    if (value.elements().size() != 2) {
      continue;
    }
    project.settings_places.emplace(name, place_of(value, name));
  }
  for (auto& alias : deployment.aliases) {
    const auto prefix = "DATABASES." + alias.alias.name;
    alias.where = {project.settings_file, 0, ""};
    for (const auto& name : {std::string("DATABASES"), prefix}) {
      if (const auto found = project.settings_places.find(name);
          found != project.settings_places.end()) {
        alias.where = found->second;
      }
    }
    for (const auto& [name, place] : project.settings_places) {
      if (name.starts_with(prefix + ".")) {
        alias.key_places.emplace(name.substr(prefix.size() + 1), place);
      }
    }
  }
}

/// A receiver in the project's source may be connected, too.
bool is_known(const ProjectFacts& project, const SourceUse& use) {
  return std::any_of(project.uses.begin(), project.uses.end(), [&](const SourceUse& one) {
    constexpr int decorators = 5; // a function's line is that of its first decorator, or its own
    return one.what == use.what && one.where.file == use.where.file &&
           std::abs(one.where.line - use.where.line) <= decorators;
  });
}

void note_uses(const Value& uses, ProjectFacts& project) {
  for (const auto& one : uses.elements()) {
    SourceUse use{one["what"].text(),
                  {shown_path(one["file"].text()), static_cast<int>(one["line"].number()), ""},
                  one["detail"].text(),
                  {}};
    for (const auto& alias : one["aliases"].elements()) {
      use.aliases.push_back(alias.text());
    }
    if (use.what != "connection-created" || !is_known(project, use)) {
      project.uses.push_back(std::move(use));
    }
  }
}

void note_answer(const Value& answer, Deployment& deployment) {
  auto& project = *deployment.project;
  project.settings_file = shown_path(answer["settings_file"].text());
  note_places(answer["places"], deployment);
  note_uses(answer["uses"], project);
  for (const auto& [name, value] : answer["package_settings"].members()) {
    project.package_settings.emplace(name, value.text());
  }
}

/// The receivers that are connected once the apps are loaded. False when the link is lost.
void ask_receivers(ProjectLink& link, ProjectFacts& project, std::vector<Unknown>& unknown) {
  const auto failure = ask_project(link, Value::object({{"do", "receivers"}}), "receivers");
  const auto error = failure.empty() ? link.question.body["error"].text() : failure;
  if (!error.empty()) {
    unknown.push_back({"the receivers of connection_created", error, ""});
    return;
  }
  note_uses(link.question.body["uses"], project);
}

} // namespace

void read_source(ProjectLink& link, Deployment& deployment, std::vector<Unknown>& unknown) {
  auto& project = *deployment.project;
  const bool any_shares = std::any_of(deployment.aliases.begin(), deployment.aliases.end(), shares);
  auto folders = link.settings.source_dirs;
  if (!link.settings.base_dir.empty()) {
    folders.push_back(link.settings.base_dir);
  }
  project.workers = worker_facts(folders);
  const auto found = any_shares ? find_source_files(folders, words_for(deployment)) : SourceFiles{};
  Value files = Value::array();
  for (const auto& file : found.files) {
    files.add(file);
  }
  const auto failure =
      ask_project(link, Value::object({{"do", "source"}, {"files", std::move(files)}}), "source");
  if (!failure.empty()) {
    unknown.push_back({"the project's source", failure, ""});
    return;
  }
  const auto& answer = link.question.body;
  note_answer(answer, deployment);
  const auto& error = answer["error"].text();
  if (!error.empty() || !found.not_read.empty()) {
    unknown.push_back({"the project's source", error.empty() ? found.not_read : error, ""});
  }
  for (const auto& file : answer["unread"].elements()) {
    unknown.push_back({shown_path(file.text()), "it cannot be read as this Python's source", ""});
  }
  // Before a run nobody asks what needs the apps: while that is answered no connection is let
  // through, and a project may want one when it starts.
  if (any_shares && link.settings_only) {
    ask_receivers(link, project, unknown);
  }
}

} // namespace pgtool
