#include "base/file.hpp"
#include "fuzz_target.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>

namespace fs = std::filesystem;
using pgtool::fuzz::Target;

namespace {

/// Runs every file below the folder through every target; false when a target has no file.
bool replay(const fs::path& corpus) {
  bool complete = !Target::all().empty();
  for (const auto* target : Target::all()) {
    if (!fs::is_directory(corpus / target->name())) {
      std::printf("no corpus for %s\n", std::string(target->name()).c_str());
      complete = false;
    }
    for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
      if (entry.is_regular_file()) {
        // Told before, so that it is known when the run ends the process.
        std::printf("%s: %s\n", std::string(target->name()).c_str(), entry.path().c_str());
        std::fflush(stdout);
        target->run(pgtool::read_file(entry.path()));
      }
    }
  }
  return complete;
}

} // namespace

int main(int count, char** words) {
  try {
    return count == 2 && replay(words[1]) ? 0 : 1;
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
