#pragma once

#include <string>
#include <vector>

namespace pgtool {

/// A command of psql that brings in statements which stand elsewhere: \i, \ir, \gexec.
struct PsqlInclusion {
  int line = 0;
  std::string command;
};

/// The text with blanks instead of what is psql's own: its commands, and the data that follows
/// COPY … FROM stdin. Nothing moves: a statement stays on its line.
struct PlainScript {
  std::string text;
  std::vector<PsqlInclusion> inclusions;
};

PlainScript without_psql_lines(const std::string& text);

} // namespace pgtool
