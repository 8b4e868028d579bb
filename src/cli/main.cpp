#include "base/error.hpp"
#include "base/process.hpp"
#include "base/signals.hpp"
#include "base/utf8.hpp"
#include "base/write_all.hpp"
#include "cli/command_line.hpp"
#include "cli/command_table.hpp"
#include "cli/complete.hpp"
#include "cli/confirm.hpp"
#include "cli/result_sink.hpp"
#include "cli/shown.hpp"
#include "cli/status_line.hpp"
#include "cli/terminal.hpp"
#include "cli/typed_words.hpp"
#include "commands/check.hpp"
#include "commands/detect.hpp"
#include "commands/endpoint.hpp"
#include "commands/explain.hpp"
#include "commands/hidden_words.hpp"
#include "commands/manage.hpp"
#include "commands/migrate.hpp"
#include "commands/preflight.hpp"
#include "commands/schema_move.hpp"
#include "commands/secret_variables.hpp"
#include "report/json.hpp"
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

void tell(const Complaint& complaint) {
  std::string text = "pgtool: error: " + complaint.message + "\n";
  if (!complaint.hint.empty()) {
    text += "hint: " + complaint.hint + "\n";
  }
  try {
    write_all(STDERR_FILENO, fitted(printable(text)));
  } catch (const Error&) {
    // Nowhere is left to say so; the status still does.
  }
}

void say(const std::string& line) {
  write_all(STDERR_FILENO, fitted(printable("pgtool: " + line + "\n")));
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
      context.say = say;
      // A machine's format on stdout moves what the project prints to stderr.
      const bool together = streams_are_one() || options.common.output.format == Format::json;
      context.say_below = [together](const std::string& line) {
        write_all(STDERR_FILENO, together ? "\n" : "");
        say(line);
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

const OutputOptions& output_of(const Command& command) {
  static const OutputOptions none;
  return std::visit(
      [](const auto& options) -> const OutputOptions& {
        if constexpr (requires { options.common; }) {
          return options.common.output;
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
  const OutputOptions& output = output_of(command);
  if (output.format == Format::json) {
    return render_json(report);
  }
  if (report.text) {
    return *report.text;
  }
  TextStyle style = text_style(output, environment);
  const std::string line_end =
      report.line_is_open && output.file.empty() && !streams_are_one() ? "\n" : "";
  // Who deploys wants the outcome; `detect` is there to explain.
  style.brief = std::holds_alternative<MigrateOptions>(command) && output.verbosity < 2;
  style.evidence = !std::holds_alternative<SchemaMoveOptions>(command) || output.verbosity >= 2;
  return line_end + render_text(report, style);
}

/// A deploy log often keeps stdout only, a terminal sees stderr only: a "no" is said on both.
void tell_refusal(const Report& report, bool to_file) {
  const bool on_stdout = !report.text && !to_file;
  if (report.status != 0 && !report.said_elsewhere && !(on_stdout && streams_are_one())) {
    tell({report.status, report.verdict, report.hint});
  }
}

/// The result must not get lost, but a change that was made is not undone by a full disk.
int deliver(ResultSink& sink, const std::string& result, int status) {
  try {
    sink.write(result);
    return status;
  } catch (const Error& error) {
    tell({status, error.what(), "the command itself ended with status " + std::to_string(status)});
    return status != 0 ? status : static_cast<int>(error.kind());
  }
}

[[noreturn]] void become(const Become& next) {
  become_program(next.argv, next.variables, secret_variables);
}

int execute(const Command& command, const std::vector<std::string>& words,
            const Environment& environment) {
  const OutputOptions& output = output_of(command);
  ResultSink sink(output.file, shows_password(command));
  Report report;
  try {
    StatusLine status(environment);
    report = std::visit(Runner{environment, words, status}, command);
    apply_fail_level(report, output.fail_level);
  } catch (...) {
    const Complaint complaint = current_complaint();
    tell(complaint);
    if (output.format != Format::json) {
      return complaint.status;
    }
    report = report_of(complaint, words.front());
    return deliver(sink, render(report, command, environment), report.status);
  }
  tell_refusal(report, !output.file.empty());
  if (report.become && report.status == 0) {
    become(*report.become);
  }
  return deliver(sink, render(report, command, environment), report.status);
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
    tell(complaint);
    if (wants_json(words, environment)) {
      ResultSink sink("");
      return deliver(sink, render_json(report_of(complaint, command_name(words))),
                     complaint.status);
    }
    return complaint.status;
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
    pgtool::tell(pgtool::current_complaint());
    return static_cast<int>(pgtool::Failure::internal);
  }
}
