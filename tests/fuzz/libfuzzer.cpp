#include "fuzz_target.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  pgtool::fuzz::Target::all().front()->run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
