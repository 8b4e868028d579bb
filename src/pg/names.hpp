#pragma once

#include "model/endpoint.hpp"

#include <memory>
#include <set>
#include <string>

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
  /// The endpoint with the addresses of its names beside them (hostaddr). A name that does not
  /// exist is left to libpq, which says so; one that has no answer yet is left out, and when no
  /// other is there the host is empty.
  [[nodiscard]] Endpoint complete(const Endpoint& endpoint) const;

private:
  struct Answers;
  std::shared_ptr<Answers> answers_;
  std::set<std::string> started_;
};

} // namespace pgtool
