#include "commands/project_link.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "commands/rehearsal.hpp"
#include "commands/secret_variables.hpp"
#include "connector/candidate.hpp"
#include "pg/conninfo.hpp"
#include "pooler/config/config_search.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <thread>

namespace pgtool {
namespace {

[[noreturn]] void no_handshake(int status, const EntryPoint& entry, bool said_hello) {
  if (status == 128 + SIGINT || status == 128 + SIGTERM) {
    throw Interrupted(status - 128);
  }
  const auto command = join(entry.command, " ");
  if (!said_hello && !entry.starts_python_itself()) {
    throw Error(Failure::unknown,
                fmt::format("{} ended with status {} before it could start {}", entry.python,
                            status, command),
                "pgtool needs the project's Python, 3.8 or newer: name it with --python");
  }
  const auto with =
      entry.starts_python_itself() ? std::string("the Python that it starts") : entry.python;
  if (status == 0) {
    throw Error(Failure::unknown,
                fmt::format("{} ended with status 0, and pgtool saw no Django in it", command),
                "what ran there is not known: look at the database before you go on, and name the "
                "command that starts Django itself with --manage");
  }
  throw Error(
      Failure::unknown,
      fmt::format("{} ended with status {} before Django told its settings", command, status),
      fmt::format("no connection of Django was let through; what the project printed stands above. "
                  "It ran with {} (--python names another)",
                  with));
}

/// Django's words go right behind the command: what stands later may belong to another program,
/// as in `dbshell -- -c 'select 1'`.
std::vector<std::string> with_settings(std::vector<std::string> arguments,
                                       const std::string& settings) {
  if (!settings.empty()) {
    arguments.insert(arguments.begin() + 1, "--settings=" + settings);
  }
  return arguments;
}

EntryPointRequest entry_request(const CommonOptions& common, const Context& context) {
  const auto& project = common.project;
  return {project.dir,         project.manage,     project.python,        project.settings,
          context.environment, project.dir_origin, project.manage_origin, project.python_origin};
}

BridgeRequest request_for(const CommonOptions& common, EntryPoint entry,
                          const std::vector<std::string>& arguments, bool settings_only) {
  BridgeRequest request;
  request.entry = std::move(entry);
  request.arguments = with_settings(arguments, common.project.settings);
  request.settings_only = settings_only;
  request.stdout_to_stderr = settings_only || is_for_programs(common.output.format);
  request.variables = candidate_variables();
  request.hidden = secret_variables;
  return request;
}

/// The first message of that kind, of whichever process; nothing when the command has ended, even
/// where other processes that it started go on.
std::optional<BridgeMessage> wait_for(Bridge& bridge, std::string_view event, bool& said_hello,
                                      int& status, std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    throw_if_interrupted();
    auto message = bridge.next(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
    const auto found = message ? message->body["event"].text() : "";
    said_hello = said_hello || found == "hello";
    if (found == event) {
      return message;
    }
    const auto ended = message ? std::nullopt : bridge.child().poll_exit();
    if (ended) {
      status = *ended;
      return std::nullopt;
    }
  }
  throw Error(Failure::unknown, fmt::format("the project did not tell its {} within {} seconds",
                                            event, patience.count()));
}

Value stop_answer(int status) { return Value::object({{"do", "stop"}, {"status", status}}); }

/// What another process says while an answer is awaited: kept for later, unless nothing will run.
void put_aside(ProjectLink& link, BridgeMessage message) {
  if (link.settings_only && message.body["event"].text() == "settings") {
    link.bridge.reply(message, stop_answer(1)); // the one that we wait for may wait for it
  } else {
    link.early.push_back(std::move(message));
  }
}

/// A Ctrl-C on the terminal reaches the project alone.
void throw_if_ended_by_signal(Child& child) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  auto status = child.poll_exit();
  while (!status && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    status = child.poll_exit();
  }
  if (status == 128 + SIGINT || status == 128 + SIGTERM) {
    throw Interrupted(*status - 128);
  }
}

void say_how_it_runs(const ProjectLink& link, const EntryPoint& entry, const Context& context) {
  const auto& body = link.question.body;
  context.say("project: " + entry.reason);
  context.say(fmt::format("project: Python {}, Django {}, settings {}", body["python"].text(),
                          link.settings.django_version, link.settings.settings_module));
}

/// What the bridge must know to tell whether the program chooses its Python by itself.
Value watched_program(const EntryPoint& entry, const Environment& environment) {
  Value variables = Value::object();
  for (const auto& [name, value] : environment) {
    if (std::find(secret_variables.begin(), secret_variables.end(), name) ==
        secret_variables.end()) {
      variables.set(name, value);
    }
  }
  for (const auto& [name, value] : entry.variables) {
    variables.set(name, value);
  }
  return Value::object({{"program", entry.python}, {"variables", std::move(variables)}});
}

} // namespace

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

namespace {

/// Starts it and waits for its settings.
ProjectLink open(const CommonOptions& common, const Context& context,
                 const BridgeRequest& request) {
  if (request.entry.starts_python_itself()) {
    expect_to_join(request, context.patience);
  }
  const bool named = !common.connect.pooler_configs.empty();
  auto configs = named ? pooler_configs(common, context) : ConfigReading{};
  Bridge bridge(request);
  if (!named) {
    configs = pooler_configs(common, context); // while the project starts
  }
  bool said_hello = false;
  int status = 0;
  auto question = wait_for(bridge, "settings", said_hello, status, context.patience);
  if (!question) {
    no_handshake(status, request.entry, said_hello);
  }
  auto settings = complete_settings(question->body);
  ProjectLink link{
      std::move(bridge), std::move(*question), std::move(settings), {}, std::move(configs)};
  link.patience = context.patience;
  link.settings_only = request.settings_only;
  if (common.output.verbosity >= 2) {
    say_how_it_runs(link, request.entry, context);
  }
  return link;
}

} // namespace

EntryPoint find_project(const CommonOptions& common, const Context& context) {
  return find_entry_point(entry_request(common, context));
}

ProjectLink open_project(const CommonOptions& common, const Context& context,
                         const std::vector<std::string>& arguments, bool settings_only,
                         bool drops_stdout) {
  auto request = request_for(common, find_project(common, context), arguments, settings_only);
  request.drops_stdout = drops_stdout;
  return open(common, context, request);
}

ProjectLink open_found_project(const CommonOptions& common, const Context& context,
                               const EntryPoint& entry, bool watched) {
  auto request = request_for(common, entry, {"check"}, true);
  if (watched) {
    request.watched = watched_program(entry, context.environment);
  }
  return open(common, context, request);
}

bool has_project(const CommonOptions& common, const Context& context) {
  return is_project_there(entry_request(common, context));
}

ConfigReading pooler_configs(const CommonOptions& common, const Context& context) {
  return find_pooler_configs(
      {common.connect.pooler_configs, common.project.dir, context.environment});
}

std::string ask_project(ProjectLink& link, const Value& question, std::string_view event) {
  link.bridge.reply(link.question, question);
  const auto deadline = std::chrono::steady_clock::now() + link.patience;
  while (link.bridge.is_linked(link.question.from)) {
    throw_if_interrupted();
    const auto now = std::chrono::steady_clock::now();
    if (now > deadline) {
      const auto reason = fmt::format("no answer within {} seconds", link.patience.count());
      link.bridge.send_to_all(Value::object({{"abort", true}, {"reason", reason}}));
      return "its process gave " + reason;
    }
    auto message = link.bridge.next(now + std::chrono::milliseconds(200));
    if (message && message->from == link.question.from && message->body["event"].text() == event) {
      link.question = std::move(*message);
      return {};
    }
    if (message) {
      put_aside(link, std::move(*message));
    }
  }
  throw_if_ended_by_signal(link.bridge.child());
  return "its process has ended";
}

ProjectModels ask_models(ProjectLink& link, const std::string& alias) {
  ProjectModels models;
  models.error = ask_project(link, models_question(alias), "models");
  return models.error.empty() ? read_models(link.question.body) : models;
}

std::function<ComputedPassword(const Endpoint&)> password_source(ProjectLink& link,
                                                                 const Alias& alias) {
  if (!alias.password_computed) {
    return nullptr;
  }
  return [&link, name = alias.name](const Endpoint& endpoint) {
    const auto failure = ask_project(link, password_question(name, endpoint), "described");
    if (!failure.empty()) {
      return ComputedPassword{Secret(), failure};
    }
    const auto& answer = link.question.body;
    return ComputedPassword{Secret(answer["password"].text()), answer["error"].text()};
  };
}

void stop_project(ProjectLink& link, int status) {
  const auto stop = stop_answer(status);
  link.bridge.reply(link.question, stop);
  // A program that goes on after its Python is ended with the link.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!link.bridge.child().poll_exit() && std::chrono::steady_clock::now() < deadline) {
    throw_if_interrupted();
    const auto message =
        link.bridge.next(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
    if (message && message->body["event"].text() == "settings") {
      link.bridge.reply(*message, stop);
    }
  }
}

void expect_alias(const ProjectLink& link, const std::string& name) {
  if (link.settings.find(name) == nullptr) {
    chosen_alias(link.settings, name);
  }
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
