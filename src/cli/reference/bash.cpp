#include "cli/reference/shells.hpp"

#include "base/text.hpp"
#include "cli/reference/offer.hpp"

namespace pgtool {
namespace {

constexpr std::string_view head = R"bash(# shellcheck shell=bash
# Completions of pgtool for bash. Made by `pgtool generate bash`: change nothing here.

# Sets `options`, the command's: names of one joined by "|", "+" before those that may be repeated.
# When the word is one that takes a value, sets `kind` and `choices` to what the value is.
_pgtool_option() { # COMMAND WORD
)bash";

constexpr std::string_view middle = R"bash(}

# Sets `kind` and `choices` to what the words of a command are.
_pgtool_word() { # COMMAND
  case $1 in
)bash";

constexpr std::string_view tail = R"bash(  esac
}

# Offers the options that were not given yet.
_pgtool_options() {
  local option name
  for option in "${options[@]}"; do
    if [[ $option != +* ]]; then
      for name in ${option//|/ }; do
        [[ " ${words[*]:1:count-1} " != *" $name"[\ =]* ]] || continue 2
      done
    fi
    name=${option##*|}
    offered+=("${name#+}")
  done
}

# Offers those of the project that the line so far names.
_pgtool_aliases() { # PROGRAM
  mapfile -t offered < <(printf '%s\n' "${words[@]:1:count-1}" | "$1" complete aliases 2>/dev/null)
}

# True behind the name of another command, whose options and words are its own.
_pgtool_handed_on() { # COMMAND
  local kind choices at
  local -a options
  [[ $1 == @(@HANDING_ON@) ]] || return
  for ((at = 2; at < count; at++)); do
    [[ ${words[at]} == -?* ]] || return 0
    kind=''
    _pgtool_option "$1" "${words[at]}"
    [[ ! $kind ]] || ((++at))
  done
  return 1
}

_pgtool_offer() {
  local -a offered=()
  case $kind in
    options) _pgtool_options ;;
    choices) read -ra offered <<<"$choices" ;;
    alias) _pgtool_aliases "${1/#\~\//$HOME/}" ;;
    program) [[ ! $current || $current == */* ]] || mapfile -t offered < <(compgen -c -- "$current") ;;
    file) ;;
    folder) compopt -o dirnames ;;
    *) return ;;
  esac
  [[ $kind != @(file|program) ]] || compopt -o default
  local word
  for word in "${offered[@]}"; do
    [[ $word != "$current"* ]] || COMPREPLY+=("$before$word")
  done
}

_pgtool() {
  local line=${COMP_LINE:0:COMP_POINT} kind='' choices='' before='' current count
  local -a words=() options=()
  COMPREPLY=()
  # Not COMP_WORDS: bash has cut those at = and : already.
  read -d '' -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  count=$((${#words[@]} - 1))
  current=${words[count]}
  if ((count < 2)); then
    kind=choices
    choices='@COMMANDS@ help'
    [[ $current != -* ]] || choices='--help --version'
  elif _pgtool_handed_on "${words[1]}"; then
    kind=file
  elif [[ " ${words[*]:2:count-2} " == *' -- '* ]]; then
    kind=nothing
  elif [[ $current == --*=* ]]; then
    _pgtool_option "${words[1]}" "${current%%=*}"
    [[ $COMP_WORDBREAKS == *=* ]] || before=${current%%=*}=
    current=${current#*=}
  else
    _pgtool_option "${words[1]}" "${words[count - 1]}"
    [[ $kind ]] || _pgtool_word "${words[1]}"
    [[ $kind && $current != -* ]] || kind=options
  fi
  _pgtool_offer "$1"
}

complete -F _pgtool pgtool
)bash";

const char* kind_name(Completes kind) {
  switch (kind) {
  case Completes::choices:
    return "choices";
  case Completes::file:
    return "file";
  case Completes::folder:
    return "folder";
  case Completes::program:
    return "program";
  case Completes::alias:
    return "alias";
  default:
    return "nothing";
  }
}

std::string assignment(const Offer& offer) {
  const std::string kind = std::string("kind=") + kind_name(offer.kind);
  return offer.choices.empty() ? kind : kind + " choices='" + join(offer.choices, " ") + "'";
}

std::string option_entry(const OfferedOption& option) {
  return std::string(option.spec->repeatable ? "'+" : "'") + join(option.names, "|") + "'";
}

std::string option_cases(const SharedOptions& group) {
  std::string entries;
  std::string values;
  for (const auto& option : group.options) {
    entries += " " + option_entry(option);
    if (option.takes_value()) {
      values += "        " + join(option.names, "|") + ") " + assignment(option.value) + " ;;\n";
    }
  }
  std::string text = "  case $1 in\n    " + join(group.commands, "|") + ")\n";
  text += "      options+=(" + entries.substr(1) + ")\n";
  if (!values.empty()) {
    text += "      case $2 in\n" + values + "      esac\n";
  }
  return text + "      ;;\n  esac\n";
}

std::string word_cases() {
  std::string text = "    help) " + assignment({Completes::choices, command_names()}) + " ;;\n";
  for (const auto* command : command_table()) {
    if (const auto words = words_of(*command); words.kind != Completes::nothing) {
      text += "    " + std::string(command->name) + ") " + assignment(words) + " ;;\n";
    }
  }
  return text;
}

} // namespace

std::string bash_completions() {
  std::string text(head);
  for (const auto& group : shared_options()) {
    text += option_cases(group);
  }
  text.append(middle).append(word_cases()).append(tail);
  fill_in(text, "@COMMANDS@", join(command_names(), " "));
  fill_in(text, "@HANDING_ON@", join(handing_on().commands, "|"));
  return text;
}

} // namespace pgtool
