#include "connector/pooler_admin.hpp"
#include "pg/conninfo.hpp"

#include <cstdio>
#include <exception>
#include <fmt/core.h>
#include <iostream>
#include <string>

// What test_recycle.py drives: `KIND POOLED-URL DATABASE [CONSOLE-URL…]`, then a word a line on
// standard input: again, others, entries. One thing a line comes back, "end" after each word.

namespace {

void show(const pgtool::Recycled& recycled) {
  for (const auto& process : recycled.processes) {
    for (const auto& command : process.accepted) {
      fmt::print("accepted|{}|{}|{}\n", process.place, command, process.others_too ? "all" : "");
    }
    fmt::print("process|{}|{}|{}\n", process.place, process.refused, process.why);
  }
  for (const auto& failure : recycled.unopened) {
    fmt::print("unopened|{}|{}\n", failure.place, failure.why);
  }
  if (recycled.life) {
    fmt::print("life|{:g}|{}|{}\n", recycled.life->seconds, recycled.life->unlimited,
               recycled.life->meaning);
  }
  fmt::print("done|{}|{}\n", recycled.done(), recycled.why_not);
}

void obey(const std::string& word, pgtool::PoolerAdmin& admin, const std::string& database) {
  if (word == "again") {
    show(admin.recycle(database));
  } else if (word == "others") {
    show(admin.recycle_others(database));
  } else if (word == "entries") {
    for (const auto& entry : admin.entries(database)) {
      fmt::print("entry|{}\n", entry);
    }
  }
  fmt::print("processes|{}|{}\nend\n", admin.processes(), admin.may_have_more());
  std::fflush(stdout);
}

} // namespace

int main(int count, char** words) {
  try {
    pgtool::SurveyRequest request;
    request.known.pooled = pgtool::parse_conninfo(words[2], "test");
    for (int i = 4; i < count; ++i) {
      request.consoles.push_back(pgtool::parse_conninfo(words[i], "test"));
    }
    pgtool::PoolerReport pooler;
    pooler.kind = words[1];
    pgtool::PoolerAdmin admin(request, pooler);
    for (std::string word; std::getline(std::cin, word);) {
      obey(word, admin, words[3]);
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
