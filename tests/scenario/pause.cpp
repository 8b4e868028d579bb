#include "base/error.hpp"
#include "base/signals.hpp"
#include "connector/pause_guard.hpp"
#include "connector/pause_keeper.hpp"
#include "pg/conninfo.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/core.h>
#include <iostream>
#include <string>

// What test_pause_guard.py drives: `SECONDS ENTRY[,ENTRY…] CONSOLE-URL…`, then a word a line on
// standard input: begin, look, end, leave. One thing a line comes back, "end" after each word.

namespace {

void show(const pgtool::PauseEnd& ended) {
  fmt::print("resumed|{}|{}\n", ended.resumed, ended.early);
  for (const auto& command : ended.commands) {
    fmt::print("type|{}\n", command);
  }
}

void obey(const std::string& word, const pgtool::PauseOrder& order,
          std::optional<pgtool::PauseGuard>& guard) {
  if (word == "begin") {
    guard.emplace(pgtool::PauseGuard::begin(
        order, [](const std::string& words) { fmt::print("said|{}\n", words); }));
  }
  if (word == "begin" || word == "look") {
    const bool in_force = guard->in_force();
    fmt::print("in force|{}|{}|{:.1f}\n", in_force, guard->why_not(), guard->left());
  }
  if (word == "end" || !guard->why_not().empty()) {
    show(guard->end());
  }
  if (word == "leave") {
    guard.reset();
  }
}

} // namespace

int main(int count, char** words) {
  if (count == 2 && std::string(words[1]) == pgtool::pause_guard_word) {
    return pgtool::keep_pause();
  }
  pgtool::catch_signals();
  pgtool::PauseOrder order;
  order.seconds = std::atof(words[1]);
  std::string entry;
  for (const char* letter = words[2];; ++letter) {
    if (*letter == ',' || *letter == '\0') {
      order.entries.push_back(entry);
      entry.clear();
    } else {
      entry += *letter;
    }
    if (*letter == '\0') {
      break;
    }
  }
  std::optional<pgtool::PauseGuard> guard;
  try {
    for (int i = 3; i < count; ++i) {
      order.consoles.push_back(pgtool::parse_conninfo(words[i], "test"));
    }
    for (std::string word; std::getline(std::cin, word);) {
      obey(word, order, guard);
      fmt::print("end\n");
      std::fflush(stdout);
    }
    return 0;
  } catch (const pgtool::Interrupted& interrupted) {
    return 128 + interrupted.number();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
