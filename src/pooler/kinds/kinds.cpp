#include "pooler/kinds/kinds.hpp"

#include "base/text.hpp"

namespace pgtool {

bool says(const std::optional<Refusal>& refusal, std::string_view words) {
  return refusal && !refusal->tells_source &&
         lower(refusal->message).find(lower(words)) != std::string::npos;
}

bool shows_a_pooler(const Sighting& sighting) {
  return sighting.echo == OptionEcho::dropped || sighting.echo == OptionEcho::refused ||
         sighting.pid_matches == false || sighting.backend_older;
}

} // namespace pgtool
