#pragma once

#include "base/environment.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What is wrong with a line of a `.env` file. It repeats no value.
struct DotenvProblem {
  int line = 0; ///< from 1; 0 when it is about the whole
  std::string message;
};

struct Dotenv {
  Environment variables;
  std::map<std::string, int, std::less<>> lines; ///< where each of them was set, from 1
  std::vector<DotenvProblem> problems;
};

/// Reads a `.env` file. `outer` is the environment that it is read in: it fills in variables before
/// the file's own do, and gives the value of a line that is a name alone. It is no part of the
/// result, and whether it beats the file is the caller's to say.
///
/// docker compose and python-dotenv agree on nearly all of it. Where they differ, this follows
/// compose, since a container's environment has no other reader and django-environ, python-dotenv
/// and the shell differ among each other: single quotes keep everything but `\'` as it is written
/// (python-dotenv fills in `${NAME}` there), `$NAME` needs no braces, `NAME: value` is an
/// assignment, a name holds letters, digits and `_.-[]`. In two things it follows python-dotenv: a
/// line that is none is left out and told, not the end of the reading; and `#` behind any white
/// space begins a comment, also where the value would begin.
Dotenv parse_dotenv(std::string_view text, const Environment& outer = {});

} // namespace pgtool
