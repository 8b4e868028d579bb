#pragma once

#include "connector/survey.hpp"
#include "pg/connect.hpp"
#include "pooler/sighting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// The sessions through the pooled endpoint and what they show. Each login is made only when the
/// ones before it leave something open: a wrong password is sent once, a pooler that plays unknown
/// options on its servers is never sent one, and no more than two sessions ever need a server.
class PooledSide {
public:
  PooledSide(const SurveyRequest& request, Endpoint endpoint, const std::string& nonce);
  PooledSide(const PooledSide&) = delete;
  PooledSide& operator=(const PooledSide&) = delete;

  /// Begins with the first login; what follows from it is opened beside whatever else is under way.
  void open(SideBySide& opening);
  /// The facts of the first session, or why they cannot be had.
  void note_facts(SessionReading reading);
  /// Asks the session with our option for what is still open. Its session and facts when it is to
  /// be judged as a direct one; nullopt when the pooler has shown itself.
  std::optional<SessionReading> read_probe();
  /// Another client for the mode probe, when the others have become one session.
  void reopen_second();
  /// Finds out which of the sessions that were opened as consoles is one.
  void ask_consoles();
  /// Asks the pooler's consoles, when that was left open at first.
  void open_consoles(SideBySide& opening);

  std::optional<Connection> session; ///< the first one; empty when it cannot be had
  std::optional<Connection> probe;   ///< the one with our option, when it was let in
  std::optional<Connection> second;  ///< another client for the mode probe
  std::optional<Connection> console; ///< one that speaks as a pooler's console
  Sighting sighting;
  std::optional<SessionFacts> facts;
  std::optional<ConnectFailure> failure; ///< why there is no session
  std::optional<Refusal> options_refused;
  int logins = 0; ///< how often somebody answered us

private:
  void open_first(SideBySide& opening);
  void note_first(SideBySide& opening, ConnectResult result);
  void follow(SideBySide& opening);
  void open_probe(SideBySide& opening);
  void note_probe(SideBySide& opening, ConnectResult result);
  void open_second(SideBySide& opening);
  void note_console(ConnectResult result);
  void ask_shard();
  void note_echo(const std::optional<std::string>& echo);
  void read_echo();
  [[nodiscard]] bool may_be_direct() const;
  [[nodiscard]] bool wants_console() const;
  void count(const ConnectResult& result);

  const SurveyRequest& request_;
  Endpoint endpoint_;
  const std::string& nonce_;
  bool consoles_opened_ = false;
  std::vector<Connection> maybe_consoles_;
};

/// The endpoint with our start-up option, which only PostgreSQL itself gives back.
Endpoint with_probe(Endpoint endpoint, const std::string& nonce);

} // namespace pgtool
