#pragma once

#include "pooler/config/bouncer_keys.hpp"
#include "pooler/config/pooler_config.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What is wrong with a line, in words that repeat no value and no part of a password. Only as many
/// as there is room for are kept, since a file of nonsense has one in every line.
class Complaints {
public:
  struct One {
    std::string words;
    ProblemKind kind;
  };
  explicit Complaints(std::size_t room = 100) : room_(room) {}

  void add(std::string words, ProblemKind kind = ProblemKind::refused);
  /// "unknown key 'word'", and what it was perhaps meant to be.
  void add_unknown(BouncerSection section, std::string_view key);
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
  [[nodiscard]] auto end() const noexcept { return all_.end(); }

private:
  std::size_t room_;
  std::vector<One> all_;
};

/// Reads the value of an entry in [databases]. The server has neither origin nor line. Nothing when
/// a URL, or a part of one, stands where a word is expected: words are printed.
std::optional<ConfiguredDatabase>
read_bouncer_database(std::string_view name, std::string_view value, Complaints& complaints);

/// Reads the value of an entry in [users].
PoolerSettings read_bouncer_user(std::string_view name, std::string_view value,
                                 Complaints& complaints);

/// Looks for mistakes in the value of an entry in [peers].
void check_bouncer_peer(std::string_view name, std::string_view value, Complaints& complaints);

/// The pool mode in small letters; nullopt, and a complaint, for what PgBouncer would refuse.
std::optional<std::string> read_pool_mode(std::string_view value, Complaints& complaints);

/// " 'word'" for a word of plain letters, "" for one that says nothing or may be a secret.
std::string quoted_if_plain(std::string_view word);

} // namespace pgtool
