#pragma once

#include "connector/console_sessions.hpp"
#include "connector/survey.hpp"
#include "pooler/recycling.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What one process of a pooler was told.
struct ProcessRecycled {
  std::string place; ///< "127.0.0.1:6432"; several processes may have the same
  std::vector<std::string> accepted;
  std::string refused; ///< the first command that was not accepted; "" when all were
  std::string why;     ///< why it was not
  bool others_too = false;
};

/// What became of it. A command that was accepted makes the pooler close each server session when
/// its client gives it back: in session mode when the client leaves. Whether the old ones are gone
/// only the server can tell.
struct Recycled {
  std::vector<ProcessRecycled> processes;
  std::vector<ConsoleFailure> unopened; ///< consoles, and thus processes, that heard nothing
  std::string why_not;             ///< why no process, or not every one, was told; "" when all were
  std::optional<SessionLife> life; ///< how the old sessions end by themselves

  [[nodiscard]] bool done() const { return why_not.empty(); }
};

/// The consoles of a pooler, one session for each of its processes.
class PoolerAdmin {
public:
  /// Opens request.consoles; without any, the console behind the pooled endpoint as its own user
  /// where that kind has one. What cannot be opened is told by recycle(). Of processes that share a
  /// port as many are looked for as a few more logins find. Throws Interrupted.
  PoolerAdmin(const SurveyRequest& request, PoolerReport pooler);

  /// Tells every known process to give its clients fresh server sessions on `database` (the real
  /// name), on each of its entries that leads there and on the one of the pooled endpoint. A
  /// process that went away, and a console that could not be opened, are tried again. Takes its
  /// time so that no server session is caught in the midst of its login (see pooler/back_off.hpp);
  /// for the same reason not to be repeated without need.
  Recycled recycle(const std::string& database);
  /// The same without telling them: whether they would obey, as far as that can be found out.
  /// Changes nothing.
  Recycled rehearse(const std::string& database);
  /// For processes that share an address: opens new sessions and tells those that have not been
  /// told since the last recycle(). `processes` of the answer are the new ones; none when no other
  /// was found. Meant to be called again, with pauses, while old sessions remain on the server.
  Recycled recycle_others(const std::string& database);

  /// How many different processes are known.
  [[nodiscard]] std::size_t processes() const { return sessions_.size(); }
  /// True when a process shares its port with others (so_reuseport), so that there may be more
  /// than are known; naming each one's own socket as a console ends the doubt.
  [[nodiscard]] bool may_have_more() const { return shares_port_; }
  [[nodiscard]] const std::vector<ConsoleFailure>& failures() const { return failures_; }
  /// One endpoint for each process, at the address that was reached.
  [[nodiscard]] std::vector<Endpoint> consoles() const;
  /// The entries that lead to the database, of all processes: PgBouncer's only.
  std::vector<std::string> entries(const std::string& database);

private:
  void open(const std::vector<Endpoint>& endpoints);
  std::size_t adopt(std::vector<ConsoleSession> opened);
  void look_for_others(int logins);
  void reopen_lost();
  [[nodiscard]] bool is_known(ConsoleSession& session);
  enum class Manner { rehearse, tell };
  ProcessRecycled tell(ConsoleSession& session, const std::string& database, Manner manner);
  Recycled tell_from(std::size_t first, const std::string& database, Manner manner);
  void note_life(ConsoleSession& session, const Rows& databases,
                 const std::vector<std::string>& entries);
  std::optional<SessionLife> life_by_session() const;
  [[nodiscard]] std::string why_not(const Recycled& recycled) const;

  const SurveyRequest& request_;
  PoolerReport pooler_;
  std::vector<Endpoint> endpoints_;
  std::vector<ConsoleSession> sessions_;
  std::vector<ConsoleFailure> failures_;
  std::optional<SessionLife> life_;
  bool shares_port_ = false;
};

} // namespace pgtool
