#include "base/error.hpp"
#include "base/process.hpp"
#include "base/result_sink.hpp"
#include "base/signals.hpp"
#include "base/utf8.hpp"
#include "base/write_all.hpp"
#include "cli/command_line.hpp"
#include "cli/command_table.hpp"
#include "cli/complete.hpp"
#include "cli/confirm.hpp"
#include "cli/program_forms.hpp"
#include "cli/shown.hpp"
#include "cli/status_line.hpp"
#include "cli/terminal.hpp"
#include "cli/typed_words.hpp"
#include "commands/check.hpp"
#include "commands/detect.hpp"
#include "commands/endpoint.hpp"
#include "commands/explain.hpp"
#include "commands/hidden_words.hpp"
#include "commands/lint.hpp"
#include "commands/manage.hpp"
#include "commands/migrate.hpp"
#include "commands/preflight.hpp"
#include "commands/schema_move.hpp"
#include "commands/secret_variables.hpp"
#include "report/github.hpp"
#include "report/text.hpp"

#include <exception>
#include <sys/stat.h>
#include <unistd.h>

namespace pgtool {
namespace {

Environment read_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

/// Why a command ended without a report of its own.
struct Complaint {
  int status;
  std::string message;
  std::string hint;
};

/// Turns the exception that is being handled into words and a status. Only inside a catch block.
Complaint current_complaint() {
  try {
    throw;
  } catch (const Error& error) {
    return {static_cast<int>(error.kind()), error.what(), error.hint()};
  } catch (const Interrupted& interrupted) {
    return {128 + interrupted.number(),
            "interrupted by signal " + std::to_string(interrupted.number()) +
                ", nothing was changed",
            ""};
  } catch (const std::exception& exception) {
    return {static_cast<int>(Failure::internal),
            std::string("this is a bug in pgtool: ") + exception.what(), "please report it"};
  } catch (...) {
    return {static_cast<int>(Failure::internal), "this is a bug in pgtool", "please report it"};
  }
}

/// GitHub looks for commands in stderr, too.
std::string for_stderr(const std::string& text, Format format) {
  return format == Format::github ? without_commands(text) : text;
}

void tell(const Complaint& complaint, Format format) {
  std::string text = "pgtool: error: " + for_stderr(complaint.message, format) + "\n";
  if (!complaint.hint.empty()) {
    text += "hint: " + for_stderr(complaint.hint, format) + "\n";
  }
  try {
    write_all(STDERR_FILENO, fitted(printable(text)));
  } catch (const Error&) {
    // Nowhere is left to say so; the status still does.
  }
}

void say(const std::string& line, Format format) {
  write_all(STDERR_FILENO, fitted(printable("pgtool: " + for_stderr(line, format) + "\n")));
}

/// True when both streams end in the same place, so that a person would read everything twice.
bool streams_are_one() {
  struct stat out {};
  struct stat err {};
  return fstat(STDOUT_FILENO, &out) == 0 && fstat(STDERR_FILENO, &err) == 0 &&
         out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

Report report_of(const Complaint& complaint, std::string command) {
  Report report;
  report.command = std::move(command);
  report.status = complaint.status;
  report.verdict = complaint.message;
  report.hint = complaint.hint;
  return report;
}

struct Runner {
  const Environment& environment;
  const std::vector<std::string>& words;
  StatusLine& status;

  template <typename Options> Report operator()(const Options& options) const {
    Context context;
    context.environment = environment;
    context.command_line = "pgtool " + printable_command(words);
    const auto project = printable_command(project_options(words));
    context.project_options = project.empty() ? "" : " " + project;
    if (!options.common.output.quiet) {
      const Format format = options.common.output.format;
      context.say = [format](const std::string& line) { say(line, format); };
      // A form for programs on stdout moves what the project prints to stderr.
      const bool together = streams_are_one() || is_for_programs(format);
      context.say_below = [together, format](const std::string& line) {
        write_all(STDERR_FILENO, together ? "\n" : "");
        say(line, format);
      };
    }
    if (!options.common.output.quiet && status.is_possible()) {
      context.shows_status = true;
      context.show_status = [this](const std::string& line) { status.show(line); };
    }
    context.confirm = [this](const Report& plan, const std::string& question) {
      return confirm(plan, question, environment);
    };
    return run(options, context);
  }
  Report operator()(std::monostate) const { throw std::logic_error("no command was chosen"); }
};

const CommonOptions& common_of(const Command& command) {
  static const CommonOptions none;
  return std::visit(
      [](const auto& options) -> const CommonOptions& {
        if constexpr (requires { options.common; }) {
          return options.common;
        } else {
          return none;
        }
      },
      command);
}

bool shows_password(const Command& command) {
  const auto* endpoint = std::get_if<EndpointOptions>(&command);
  return endpoint != nullptr && endpoint->show_password;
}

std::string render(const Report& report, const Command& command, const Environment& environment) {
  const auto& [project, connect, output] = common_of(command);
  if (is_for_programs(output.format)) {
    return render_for_programs(report, output, project.dir);
  }
  if (report.text) {
    return *report.text;
  }
  TextStyle style = text_style(output, environment);
  const std::string line_end =
      report.line_is_open && output.file.empty() && !streams_are_one() ? "\n" : "";
  // Who deploys wants the outcome; `detect` is there to explain.
  const bool tells_outcome = std::holds_alternative<MigrateOptions>(command) ||
                             std::holds_alternative<CheckOptions>(command) ||
                             std::holds_alternative<LintOptions>(command);
  style.brief = tells_outcome && output.verbosity < 2;
  style.silenced = output.verbosity >= 2;
  const bool argues = !std::holds_alternative<SchemaMoveOptions>(command) &&
                      !std::holds_alternative<PreflightOptions>(command);
  style.evidence = argues || output.verbosity >= 2;
  return line_end + render_text(report, style);
}

/// A deploy log often keeps stdout only, a terminal sees stderr only: a "no" is said on both.
void tell_refusal(const Report& report, const OutputOptions& output) {
  const bool on_stdout = !report.text && output.file.empty();
  if (report.status != 0 && !report.said_elsewhere && !(on_stdout && streams_are_one())) {
    tell({report.status, report.verdict, report.hint}, output.format);
  }
}

/// The result must not get lost, but a change that was made is not undone by a full disk.
int deliver(ResultSink& sink, const std::string& result, int status, Format format) {
  try {
    sink.write(result);
    return status;
  } catch (const Error& error) {
    tell({status, error.what(), "the command itself ended with status " + std::to_string(status)},
         format);
    return status != 0 ? status : static_cast<int>(error.kind());
  }
}

[[noreturn]] void become(const Become& next) {
  become_program(next.argv, next.variables, secret_variables);
}

int execute(const Command& command, const std::vector<std::string>& words,
            const Environment& environment) {
  const OutputOptions& output = common_of(command).output;
  ResultSink sink(output.file, shows_password(command));
  Report report;
  try {
    StatusLine status(environment);
    report = std::visit(Runner{environment, words, status}, command);
    apply_fail_level(report, output.fail_level);
  } catch (...) {
    const Complaint complaint = current_complaint();
    tell(complaint, output.format);
    if (!is_for_programs(output.format)) {
      return complaint.status;
    }
    report = report_of(complaint, words.front());
    return deliver(sink, render(report, command, environment), report.status, output.format);
  }
  tell_refusal(report, output);
  if (report.become && report.status == 0) {
    become(*report.become);
  }
  return deliver(sink, render(report, command, environment), report.status, output.format);
}

/// The command's name, when the first word is one.
std::string command_name(const std::vector<std::string>& words) {
  for (const auto* command : command_table()) {
    if (!words.empty() && command->name == words.front()) {
      return words.front();
    }
  }
  return {};
}

int start(const std::vector<std::string>& words, const Environment& environment) {
  if (const auto status = run_hidden_word(words)) {
    return *status;
  }
  if (is_completion(words)) {
    write_all(STDOUT_FILENO, complete(words, environment));
    return 0;
  }
  Invocation invocation;
  try {
    invocation = parse(words, environment, help_width());
    if (invocation.exit_now) {
      write_all(STDOUT_FILENO, invocation.out);
      return *invocation.exit_now;
    }
    return execute(invocation.command, words, environment);
  } catch (...) {
    const Complaint complaint = current_complaint();
    OutputOptions output;
    output.format = wanted_format(words, environment);
    tell(complaint, output.format);
    if (!is_for_programs(output.format)) {
      return complaint.status;
    }
    ResultSink sink("");
    const auto report = report_of(complaint, command_name(words));
    return deliver(sink, render_for_programs(report, output, ""), complaint.status, output.format);
  }
}

} // namespace
} // namespace pgtool

int main(int argc, char** argv) {
  pgtool::open_standard_streams();
  pgtool::catch_signals();
  try {
    return pgtool::start({argv + (argc > 0 ? 1 : 0), argv + argc}, pgtool::read_environment());
  } catch (...) {
    pgtool::tell(pgtool::current_complaint(), pgtool::Format::text);
    return static_cast<int>(pgtool::Failure::internal);
  }
}
