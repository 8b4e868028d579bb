#include "fuzz_target.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  pgtool::fuzz::Target::all().front()->run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}

/// libpg_query 15 keeps what PL/pgSQL's parser wrote to stderr: one byte for each text with a fault.
extern "C" const char* __lsan_default_suppressions() { return "leak:pg_query_raw_parse\n"; }
