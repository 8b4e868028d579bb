#pragma once

#include "model/endpoint.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// Host names on their way to addresses. libpq looks names up while everything else stands still,
/// so one dead name server would hold up all connects; here each name has a thread of its own, and
/// nobody waits for a name but who needs it.
class Lookups {
public:
  Lookups();
  ~Lookups();
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;

  /// Begins with the names of this endpoint that nobody has asked for yet.
  void start(const Endpoint& endpoint);
  /// Readable when an answer has come; silence() before looking.
  [[nodiscard]] int descriptor() const;
  void silence();
  [[nodiscard]] bool is_waiting_for(const Endpoint& endpoint) const;
  /// The addresses to use for a host (hostaddr). One that is "" leaves the host to libpq: it is no
  /// name, or one that does not exist, and libpq says so. Nothing while there is no answer yet.
  [[nodiscard]] std::optional<std::vector<std::string>> addresses_of(const std::string& host) const;

private:
  struct Answers;
  std::shared_ptr<Answers> answers_;
  std::set<std::string> started_;
};

} // namespace pgtool
