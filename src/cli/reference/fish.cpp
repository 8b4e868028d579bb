#include "cli/reference/shells.hpp"

#include "base/text.hpp"
#include "cli/reference/offer.hpp"

namespace pgtool {
namespace {

constexpr std::string_view head =
    R"fish(# Completions of pgtool for fish. Made by `pgtool generate fish`: change nothing here.

function __pgtool_in
    set -l words (commandline -opc)
    set -q words[2]; and contains -- $words[2] $argv; and not contains -- -- $words; and not __pgtool_handed_on
end

# True behind the name of another command, whose options and words are its own.
function __pgtool_handed_on
    set -l words (commandline -opc)
    set -q words[2]; and contains -- $words[2] @COMMANDS@; or return
    set -l is_value no
    for word in $words[3..]
        if test $is_value = yes
            set is_value no
        else if contains -- $word @VALUED@
            set is_value yes
        else if not string match -qr '^-.' -- $word
            return 0
        end
    end
    return 1
end

# True when none of the options was given; the last word counts only with `flag` as the first
# argument: after anything else its value is typed just now.
function __pgtool_lacks
    set -l words (commandline -opc)
    if test $argv[1] != flag
        set -e words[-1]
    end
    for name in $argv[2..]
        if string match -q -- $name $words; or string match -q -- "$name=*" $words
            return 1
        end
    end
end

function __pgtool_aliases
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    printf '%s\n' $words[2..] | $program complete aliases 2>/dev/null
end

complete -c pgtool -f
complete -c pgtool -n __pgtool_handed_on -F
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -s h -l help -d 'Print help'
complete -c pgtool -n 'test (count (commandline -opc)) -eq 1' -l version -d 'Print the versions'
)fish";

std::string quoted(std::string_view text) {
  std::string safe = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') {
      safe += '\\';
    }
    safe += letter;
  }
  return safe + "'";
}

std::string line(const std::string& condition, const std::string& what,
                 std::string_view description) {
  return "complete -c pgtool -n " + quoted(condition) + what +
         (description.empty() ? "" : " -d " + quoted(description)) + "\n";
}

std::string offered(const Offer& offer) {
  switch (offer.kind) {
  case Completes::choices:
    return " -f -a " + quoted(join(offer.choices, " "));
  case Completes::folder:
    return " -f -a '(__fish_complete_directories (commandline -ct) \"\")'";
  case Completes::alias:
    return " -f -a '(__pgtool_aliases)'";
  case Completes::program:
    return " -a '(__fish_complete_command)' -F";
  case Completes::file:
    return " -F";
  default:
    return " -f";
  }
}

std::string names_of(const OfferedOption& option) {
  std::string names;
  for (const auto& name : option.names) {
    names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return names;
}

std::string option_line(const SharedOptions& group, const OfferedOption& option) {
  std::string condition = "__pgtool_in " + join(group.commands, " ");
  if (!option.spec->repeatable) {
    condition += std::string("; and __pgtool_lacks ") +
                 (option.takes_value() ? "value " : "flag ") + join(option.names, " ");
  }
  const auto value = option.takes_value() ? " -r" + offered(option.value) : "";
  return line(condition, names_of(option) + value, option.description);
}

} // namespace

std::string fish_completions() {
  std::string text(head);
  const auto [commands, valued] = handing_on();
  fill_in(text, "@COMMANDS@", join(commands, " "));
  fill_in(text, "@VALUED@", join(valued, " "));
  const std::string at_start = "test (count (commandline -opc)) -eq 1";
  for (const auto* command : command_table()) {
    text += line(at_start, " -a " + std::string(command->name), command->summary);
  }
  text += line(at_start, " -a help", "Explain a command");
  text += line("__pgtool_in help", offered({Completes::choices, command_names()}), "");
  for (const auto* command : command_table()) {
    if (const auto words = words_of(*command); words.kind != Completes::nothing) {
      text += line("__pgtool_in " + std::string(command->name), offered(words), "");
    }
  }
  for (const auto& group : shared_options()) {
    for (const auto& option : group.options) {
      text += option_line(group, option);
    }
  }
  return text;
}

} // namespace pgtool
