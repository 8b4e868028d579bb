#include "commands/lint/cache/key.hpp"

#include "base/json.hpp"
#include "base/stable_hash.hpp"
#include "commands/secret_variables.hpp"
#include "django/bridge_sources.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace pgtool {
namespace {

// They change from one terminal, login or commit to the next. No other variable is left out: one
// that nobody has thought of makes a second entry, never a wrong one.
constexpr auto passing = std::to_array<std::string_view>({
    "_",
    "ALACRITTY_LOG",
    "ALACRITTY_SOCKET",
    "ALACRITTY_WINDOW_ID",
    "COLORTERM",
    "COLUMNS",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "GIT_AUTHOR_DATE",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_NAME",
    "GIT_COMMITTER_DATE",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_DIR",
    "GIT_EDITOR",
    "GIT_EXEC_PATH",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_REFLOG_ACTION",
    "GIT_WORK_TREE",
    "GNOME_TERMINAL_SCREEN",
    "GNOME_TERMINAL_SERVICE",
    "GPG_TTY",
    "INVOCATION_ID",
    "ITERM_SESSION_ID",
    "JOURNAL_STREAM",
    "KITTY_PID",
    "KITTY_WINDOW_ID",
    "KONSOLE_DBUS_SERVICE",
    "KONSOLE_DBUS_SESSION",
    "KONSOLE_DBUS_WINDOW",
    "LINES",
    "OLDPWD",
    "PWD",
    "SESSION_MANAGER",
    "SHELL_SESSION_ID",
    "SHLVL",
    "SSH_AGENT_PID",
    "SSH_AUTH_SOCK",
    "SSH_CLIENT",
    "SSH_CONNECTION",
    "SSH_TTY",
    "STY",
    "SYSTEMD_EXEC_PID",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TERM_SESSION_ID",
    "TMUX",
    "TMUX_PANE",
    "VSCODE_GIT_IPC_HANDLE",
    "VSCODE_IPC_HOOK_CLI",
    "VTE_VERSION",
    "WAYLAND_DISPLAY",
    "WEZTERM_PANE",
    "WEZTERM_UNIX_SOCKET",
    "WINDOW",
    "WINDOWID",
    "WINDOWPATH",
    "XAUTHORITY",
    "XDG_SESSION_ID",
    "XDG_VTNR",
});

bool is_passing(std::string_view name) {
  const bool is_hidden =
      std::find(secret_variables.begin(), secret_variables.end(), name) != secret_variables.end();
  return is_hidden || std::find(passing.begin(), passing.end(), name) != passing.end();
}

/// Texts one after the other, so that none can be taken for a part of the next.
class Sum {
public:
  void add(std::string_view text) {
    hash_.add(std::to_string(text.size()));
    hash_.add(":");
    hash_.add(text);
  }
  [[nodiscard]] std::string digits() const { return hash_.digits(); }

private:
  StableHash hash_;
};

void add_make(Sum& sum) {
  sum.add(PGTOOL_VERSION);
  for (const auto& source : bridge_sources()) {
    sum.add(source.text);
  }
}

std::string sum_of(const Environment& environment) {
  Sum sum;
  for (const auto& [name, value] : environment) {
    if (!is_passing(name)) {
      sum.add(name);
      sum.add(value);
    }
  }
  return sum.digits();
}

} // namespace

std::string cache_key(const CommonOptions& common, const EntryPoint& entry, const Value& question,
                      const Environment& environment) {
  Sum sum;
  add_make(sum);
  std::error_code unreachable;
  sum.add(entry.dir);
  sum.add(std::filesystem::weakly_canonical(entry.dir, unreachable).string());
  sum.add(entry.python);
  for (const auto* words : {&entry.flags, &entry.command}) {
    sum.add(std::to_string(words->size()));
    for (const auto& word : *words) {
      sum.add(word);
    }
  }
  for (const auto& [name, value] : entry.variables) {
    sum.add(name);
    sum.add(value);
  }
  sum.add(common.project.settings);
  sum.add(common.connect.database);
  sum.add(dump_json(question));
  return sum.digits() + "-" + sum_of(environment);
}

} // namespace pgtool
