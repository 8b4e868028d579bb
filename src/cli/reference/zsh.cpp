#include "cli/reference/shells.hpp"

#include "base/text.hpp"
#include "cli/reference/offer.hpp"

namespace pgtool {
namespace {

constexpr std::string_view head = R"zsh(#compdef pgtool
# Completions of pgtool for zsh. Made by `pgtool generate zsh`: change nothing here.

_pgtool_aliases() {
  local -a typed=("${(@)words[1,CURRENT-1]}")
  local called=${${(Q)program}/#\~\//$HOME/}
  compadd -- ${(f)"$(print -rl -- "${typed[@]}" | $called complete aliases 2>/dev/null)"}
}

_pgtool_programs() {
  _alternative 'commands:command:_command_names -e' 'files:file:_files'
}

_pgtool_commands() {
  local -a commands=(
)zsh";

constexpr std::string_view middle = R"zsh(  )
  _describe command commands
}

_pgtool() {
  local curcontext=$curcontext context state state_descr program=$words[1]
  local -a line options flags=(-s -S)
  local -A opt_args
  _arguments -C '(- *)'{-h,--help}'[Print help]' '(- *)--version[Print the versions]' \
    '1:command:_pgtool_commands' '*::argument:->arguments' && return
  [[ $state == arguments ]] || return 1

)zsh";

constexpr std::string_view tail = R"zsh(  (( $#options )) && _arguments $flags $options
}

if [[ $funcstack[1] == _pgtool ]]; then
  _pgtool "$@"
else
  compdef _pgtool pgtool
fi
)zsh";

/// The text with backslashes before what `_arguments` and `_describe` take for syntax, quoted.
std::string quoted(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '\'') {
      safe += "'\\'";
    } else if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') {
      safe += '\\';
    }
    safe += letter;
  }
  return safe;
}

std::string action(const Offer& offer) {
  switch (offer.kind) {
  case Completes::choices:
    return "(" + join(offer.choices, " ") + ")";
  case Completes::file:
    return "_files";
  case Completes::folder:
    return "_files -/";
  case Completes::program:
    return "_pgtool_programs";
  case Completes::alias:
    return "_pgtool_aliases";
  default:
    return " ";
  }
}

/// `--name=`: the value follows after = or as the next word; `-n+`: as the next word or at once.
std::string name_of(const OfferedOption& option, const std::string& name) {
  if (!option.takes_value()) {
    return name;
  }
  return name + (name.starts_with("--") ? "=" : "+");
}

std::string specification(const OfferedOption& option) {
  std::string rest = "[" + quoted(option.description) + "]";
  if (option.takes_value()) {
    rest += ":" + quoted(option.spec->value) + ":" + action(option.value);
  }
  const std::string before = option.spec->repeatable ? "*" : "";
  if (option.names.size() == 1) {
    return "'" + before + name_of(option, option.names.front()) + rest + "'";
  }
  std::vector<std::string> names;
  for (const auto& name : option.names) {
    names.push_back(name_of(option, name));
  }
  const auto exclusion = before.empty() ? "(" + join(option.names, " ") + ")" : before;
  return "'" + exclusion + "'{" + join(names, ",") + "}'" + rest + "'";
}

std::string option_case(const SharedOptions& group) {
  std::string text = "  case $line[1] in " + join(group.commands, "|") + ")\n    options+=(\n";
  for (const auto& option : group.options) {
    text += "      " + specification(option) + "\n";
  }
  return text + "    ) ;;\n  esac\n";
}

std::string word_case(std::string_view command, const Offer& words) {
  // The space of an unknown value would be a message here, which keeps options from being inserted.
  const auto known = words.kind == Completes::nothing ? "()" : action(words);
  return "  case $line[1] in " + std::string(command) + ") options+=('*:word:" + known +
         "') ;; esac\n";
}

} // namespace

std::string zsh_completions() {
  std::string text(head);
  for (const auto* command : command_table()) {
    text += "    '" + std::string(command->name) + ":" + quoted(command->summary) + "'\n";
  }
  text.append("    'help:Explain a command'\n").append(middle);
  for (const auto& group : shared_options()) {
    text += option_case(group);
  }
  text += word_case("help", {Completes::choices, command_names()});
  for (const auto* command : command_table()) {
    const auto words = words_of(*command);
    if (words.kind != Completes::nothing || command->hands_on) {
      text += word_case(command->name, words);
    }
  }
  // With -A no option is offered behind the first word.
  text += "  case $line[1] in " + join(handing_on().commands, "|") +
          ") flags+=(-A '-*') options+=('1:command:()' '*:word:_files') ;; esac\n";
  return text.append(tail);
}

} // namespace pgtool
