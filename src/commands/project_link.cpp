#include "commands/project_link.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "connector/candidate.hpp"
#include "pg/conninfo.hpp"

#include <csignal>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// Settings may do slow things when they are imported; nobody should wait for a dead one for ever.
constexpr auto patience = std::chrono::minutes(10);

/// The settings with what libpq in that process would add to each endpoint.
ProjectSettings complete_settings(const Value& message) {
  auto settings = read_settings(message);
  for (auto& alias : settings.aliases) {
    if (alias.is_postgresql() && alias.error.empty()) {
      try {
        alias.endpoint = resolve(alias.endpoint, settings.environment);
      } catch (const Error& error) {
        alias.error = error.what(); // only an alias that is used need be sound
      }
    }
  }
  return settings;
}

[[noreturn]] void no_handshake(Bridge& bridge, const EntryPoint& entry, bool said_hello) {
  const int status = bridge.child().wait_exit();
  if (status == 128 + SIGINT || status == 128 + SIGTERM) {
    throw Interrupted(status - 128);
  }
  const auto command = join(entry.command, " ");
  if (!said_hello) {
    throw Error(Failure::unknown,
                fmt::format("{} ended with status {} before it could start {}", entry.python,
                            status, command),
                "pgtool needs the project's Python, 3.8 or newer: name it with --python");
  }
  throw Error(
      Failure::unknown,
      fmt::format("{} ended with status {} before Django told its settings", command, status),
      fmt::format("nothing was sent to any server; what the project printed stands above. It "
                  "ran with {}: name another Python with --python",
                  entry.python));
}

/// The next message of that kind, past all others; nullopt when the process has ended.
std::optional<Value> await(Bridge& bridge, std::string_view event, bool& said_hello) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    throw_if_interrupted();
    bridge.child().follow_stop();
    auto message = bridge.next(std::chrono::steady_clock::now() + std::chrono::milliseconds(200));
    if (!message || (*message)["event"].text() == event) {
      return message;
    }
    said_hello = said_hello || (*message)["event"].text() == "hello";
  }
  throw Error(Failure::unknown,
              fmt::format("the project did not tell its {} within ten minutes", event));
}

BridgeRequest request_for(const CommonOptions& common, const Context& context,
                          const std::vector<std::string>& arguments, bool settings_only) {
  BridgeRequest request;
  request.entry = find_entry_point(
      {common.project.dir, common.project.manage, common.project.python, context.environment});
  request.arguments = arguments;
  if (!common.project.settings.empty()) {
    request.arguments.push_back("--settings=" + common.project.settings);
  }
  request.settings_only = settings_only;
  request.stdout_to_stderr = settings_only || common.output.format != Format::text;
  request.variables = candidate_variables();
  // These may hold passwords, and every child of the project would inherit them.
  request.hidden = {"PGTOOL_DIRECT_URL", "PGTOOL_POOLED_URL", "PGTOOL_CONSOLE_URL"};
  return request;
}

} // namespace

ProjectLink open_project(const CommonOptions& common, const Context& context,
                         const std::vector<std::string>& arguments, bool settings_only) {
  const auto request = request_for(common, context, arguments, settings_only);
  if (common.output.verbosity >= 2) {
    context.say("project: " + request.entry.reason);
  }
  Bridge bridge(request);
  bool said_hello = false;
  auto message = await(bridge, "settings", said_hello);
  if (!message) {
    no_handshake(bridge, request.entry, said_hello);
  }
  auto settings = complete_settings(*message);
  return {std::move(bridge), std::move(*message), std::move(settings)};
}

std::function<ComputedPassword(const Endpoint&)> password_source(ProjectLink& link,
                                                                 const Alias& alias) {
  if (!alias.password_computed) {
    return nullptr;
  }
  return [&link, name = alias.name](const Endpoint& endpoint) {
    bool said_hello = true;
    link.bridge.reply(link.question, password_question(name, endpoint));
    auto answer = await(link.bridge, "described", said_hello);
    if (!answer) {
      return ComputedPassword{Secret(), "its process has ended"};
    }
    link.question = std::move(*answer);
    return ComputedPassword{Secret(link.question["password"].text()),
                            link.question["error"].text()};
  };
}

const Alias& chosen_alias(const ProjectSettings& settings, const std::string& name) {
  const auto* alias = settings.find(name);
  if (alias == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : settings.aliases) {
      names.push_back(known.name);
    }
    throw Error(Failure::usage, "no database alias '" + name + "' in settings.DATABASES",
                "known aliases: " + join(names, ", "));
  }
  if (!alias->error.empty()) {
    throw Error(Failure::unknown,
                "the parameters of alias '" + name + "' cannot be had: " + alias->error);
  }
  if (!alias->is_postgresql()) {
    throw Error(Failure::usage,
                fmt::format("alias '{}' is {} ({}), expected PostgreSQL", name,
                            alias->vendor.empty() ? "no database" : alias->vendor, alias->engine),
                "choose a PostgreSQL alias with --database");
  }
  return *alias;
}

} // namespace pgtool
