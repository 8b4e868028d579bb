#include "commands/migrate/migration_log.hpp"

#include "base/text.hpp"
#include "commands/migrate/blockers.hpp"
#include "commands/migrate/log_position.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace pgtool {
namespace {

/// A name as regclass writes it, without its schema and quotes; "" for the oid of what is gone.
std::string bare_name(const std::string& regclass) {
  if (regclass.empty() || std::isdigit(static_cast<unsigned char>(regclass.front())) != 0) {
    return "";
  }
  if (regclass.back() != '"') {
    return regclass.substr(regclass.rfind('.') + 1);
  }
  std::string name;
  for (std::size_t at = regclass.size() - 1; at-- > 0;) {
    if (regclass[at] == '"' && (at == 0 || regclass[at - 1] != '"')) {
      break;
    }
    at -= regclass[at] == '"' ? 1 : 0;
    name.insert(name.begin(), regclass[at]);
  }
  return name;
}

double to_the_microsecond(double seconds) { return std::round(seconds * 1e6) / 1e6; }

bool is_of_django(const KnownRelation& relation) { return relation.name == "django_migrations"; }

} // namespace

Value MigrationEntry::value() const {
  Value list = Value::array();
  for (const auto& table : tables) {
    list.add(Value::object({{"table", table.table},
                            {"lock", shown_mode(table.lock)},
                            {"held", table.held ? Value(to_the_microsecond(*table.held)) : Value()},
                            {"created", table.created},
                            {"rewritten", table.rewritten},
                            {"truncated", table.truncated},
                            {"rows", table.rows ? Value(*table.rows) : Value()},
                            {"bytes", table.bytes ? Value(*table.bytes) : Value()},
                            {"observed", table.observed}}));
  }
  return Value::object({{"name", name},
                        {"state", done ? "done" : "failed"},
                        {"backwards", backwards},
                        {"atomic", atomic},
                        {"seconds", to_the_microsecond(seconds)},
                        {"waited", to_the_microsecond(waited)},
                        {"wal_bytes", wal ? Value(*wal) : Value()},
                        {"wal_is_upper_bound", true},
                        {"tables", list}});
}

void MigrationLog::begin(DirectSession& session) {
  session_ = &session;
  path_ = names_of_array(session.facts().schemas);
  try {
    relations_.read_all(session);
    position_ = position_of(position_now(session)).value_or(0);
  } catch (const SqlError&) {
    session_ = nullptr; // that the session is lost is noticed and said elsewhere
  }
}

void MigrationLog::take(const BridgeMessage& message, const std::function<double(int)>& waited) {
  const auto& body = message.body;
  const auto event = body["event"].text();
  if (event == "progress") {
    const auto action = body["action"].text();
    const bool backwards = action.starts_with("unapply");
    if (action == "apply_start" || action == "unapply_start") {
      Work work;
      work.entry = {body["app"].text() + "." + body["name"].text(), body["alias"].text(),
                    body["atomic"].truth(true), backwards};
      work.from = message.from;
      work.began = Clock::now();
      works_.push_back(std::move(work));
    } else if (auto* work = at_work(message.from);
               work != nullptr && (action == "apply_success" || action == "unapply_success")) {
      work->entry.done = true;
      work->entry.seconds = body["seconds"].real();
      finish(*work, work->pid != 0 ? waited(work->pid) : 0);
    }
    return;
  }
  auto* work = at_work(message.from);
  if (work == nullptr) {
    return;
  }
  if (event == "held") {
    work->held = body;
    work->told = Clock::now();
    if (std::exchange(work->pid, static_cast<int>(body["pid"].number())) == 0) {
      work->waited_before = waited(work->pid);
    }
    settle_waits(*work, waited(work->pid));
  } else if (event == "ran") {
    for (auto& sent : work->sent) {
      if (!sent.seconds) {
        sent.seconds = body["seconds"].real();
      }
    }
  } else if (event == "try" && body["statement"].is_null()) {
    work->sent.clear(); // it was rolled back
    work->held = Value();
  }
}

void MigrationLog::settle_waits(Work& work, double waited) {
  for (auto& sent : work.sent) {
    sent.waited = sent.waited.value_or(waited - sent.waited_before);
  }
}

/// DROP INDEX names the index, and locks its table, too; afterwards nobody knows which.
RelationLock MigrationLog::with_table(RelationLock lock) {
  if (lock.index && session_ != nullptr) {
    const auto found = session_->connection().attempt(
        "select n.nspname, t.relname from pg_index i join pg_class x on x.oid = i.indexrelid"
        " join pg_namespace n on n.oid = x.relnamespace join pg_class t on t.oid = i.indrelid"
        " where x.relname = $1 and (n.nspname = $2 or $2 = '' and n.nspname = any ($3::text[]))"
        " order by array_position($3::text[], n.nspname::text) limit 1",
        {lock.relation.name, lock.relation.schema, session_->facts().schemas});
    if (found.ok() && found.rows.size() > 0) {
      lock.relation = {found.rows.text(0, "nspname"), found.rows.text(0, "relname")};
    }
  }
  return lock;
}

void MigrationLog::take_statement(const BridgeMessage& message, const StatementLocks& statement,
                                  double waited) {
  auto* work = at_work(message.from);
  if (work == nullptr) {
    return;
  }
  if (std::exchange(work->pid, static_cast<int>(message.body["pid"].number())) == 0) {
    work->waited_before = waited;
  }
  settle_waits(*work, waited);
  const auto now = Clock::now();
  for (const auto& lock : statement.locks) {
    const bool known = std::any_of(work->sent.begin(), work->sent.end(), [&](const Sent& sent) {
      return !sent.seconds && sent.lock.relation == lock.relation && sent.lock.mode >= lock.mode;
    });
    if (!known) {
      work->sent.push_back({with_table(lock), now, waited});
    }
  }
  const auto text = lower(message.body["sql"].text());
  const auto has = [&](std::string_view words) { return text.find(words) != std::string::npos; };
  if (has("truncate")) {
    for (const auto& lock : statement.locks) {
      work->truncated.push_back(lock.relation);
    }
  }
  work->changes_columns = work->changes_columns || has("add column") || has("drop column") ||
                          has(" type ") || has("rename ");
}

void MigrationLog::end(const std::function<double(int)>& waited) {
  while (!works_.empty()) {
    auto& work = works_.back();
    work.entry.seconds = seconds_since(work.began);
    finish(work, work.pid != 0 ? waited(work.pid) : 0);
  }
  settle_ended();
}

bool MigrationLog::is_done(const std::string& name) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& entry) { return entry.done && entry.name == name; });
}

MigrationLog::Work* MigrationLog::at_work(int from) {
  const auto found = std::find_if(works_.rbegin(), works_.rend(),
                                  [&](const Work& work) { return work.from == from; });
  return found == works_.rend() ? nullptr : &*found;
}

void MigrationLog::finish(Work& work, double waited) {
  settle_waits(work, waited);
  work.entry.waited = work.pid == 0 ? 0 : waited - work.waited_before;
  work.ended = Clock::now();
  work.position = work.held["wal"].text();
  if (session_ != nullptr && work.position.empty()) {
    work.position = position_now(*session_);
  }
  if (session_ != nullptr && work.held.is_null() && !work.sent.empty()) {
    std::vector<std::string> names;
    for (const auto& sent : work.sent) {
      names.push_back(sent.lock.relation.name);
    }
    try {
      work.files = relations_.files_of(*session_, names);
    } catch (const SqlError&) {
      session_ = nullptr;
    }
  }
  const auto place = std::find_if(works_.begin(), works_.end(),
                                  [&](const Work& other) { return &other == &work; });
  ended_.splice(ended_.end(), works_, place);
  if (trace_.is_open()) {
    settle_ended();
  }
}

/// In the order in which they ended: a file is new in comparison with the one before.
void MigrationLog::settle_ended() {
  if (session_ != nullptr) {
    try {
      read_tables();
    } catch (const SqlError&) {
      session_ = nullptr;
    }
  }
  for (auto& work : ended_) {
    work.entry.wal = log_since(work.position);
    if (session_ == nullptr) {
      // What is not known is left out.
    } else if (work.held.is_null() || !work.entry.done) {
      note_sent(work);
    } else if (work.held["born"].is_null()) {
      note_held(work);
    } else {
      note_born(work);
    }
    changed_old_tables_ =
        changed_old_tables_ ||
        (work.changes_columns && work.entry.done &&
         std::any_of(work.entry.tables.begin(), work.entry.tables.end(), [](const auto& table) {
           return !table.created && table.lock == LockMode::access_exclusive;
         }));
    entries_.push_back(std::move(work.entry));
    trace_.add("migration", entries_.back().value());
  }
  ended_.clear();
}

void MigrationLog::read_tables() {
  std::vector<std::int64_t> oids;
  std::vector<std::string> names;
  for (const auto& work : ended_) {
    for (const auto& lock : work.held["locks"].elements()) {
      oids.push_back(lock.elements().empty() ? 0 : lock.elements().front().number());
    }
    for (const auto& [name, mode] : work.held["born"].members()) {
      names.push_back(name);
    }
  }
  relations_.read_new(*session_, oids);
  if (!names.empty()) {
    relations_.files_of(*session_, names);
  }
}

/// Of a transaction that only touched tables which its session had made: nobody else used them, and
/// its locks are known by its statements.
void MigrationLog::note_born(Work& work) {
  for (const auto& [name, mode] : work.held["born"].members()) {
    const auto oid = relations_.find("", name, path_);
    const auto lock = lock_mode_named(mode.text());
    if (!oid || !lock) {
      continue; // dropped since
    }
    const auto* relation = relations_.find(*oid);
    TableRecord table;
    table.table = relation->schema + "." + relation->name;
    table.lock = *lock;
    table.created = true;
    table.held = held_since(work, name);
    work.entry.tables.push_back(std::move(table));
  }
}

void MigrationLog::note_held(Work& work) {
  struct Seen {
    LockMode mode;
    std::int64_t file;
    std::string name;
  };
  std::map<std::int64_t, Seen> seen;
  for (const auto& lock : work.held["locks"].elements()) {
    const auto& parts = lock.elements();
    const auto mode = parts.size() < 4 ? std::nullopt : lock_mode_named(parts[1].text());
    if (mode) {
      const auto oid = parts[0].number();
      const auto found = seen.emplace(oid, Seen{*mode, parts[2].number(), parts[3].text()}).first;
      found->second.mode = std::max(found->second.mode, *mode);
    }
  }
  for (const auto& [oid, lock] : seen) {
    auto* relation = relations_.find(oid);
    if (relation == nullptr || !relation->is_table() || is_of_django(*relation)) {
      continue; // made and dropped, or no table
    }
    const auto now = bare_name(lock.name);
    TableRecord table;
    table.table = relation->schema + "." + (now.empty() ? relation->name : now);
    table.lock = lock.mode;
    table.observed = true;
    table.created = relation->created;
    table.rows = relation->rows;
    table.bytes =
        relation->created || !relation->rows ? std::nullopt : std::optional(relation->bytes);
    table.held = held_since(work, relation->name);
    note_file(work, *relation, lock.file, table);
    relation->name = now.empty() ? relation->name : now;
    work.entry.tables.push_back(std::move(table));
  }
}

void MigrationLog::note_sent(Work& work) {
  std::map<std::int64_t, TableRecord> tables;
  for (const auto& sent : work.sent) {
    const auto oid = relations_.find(sent.lock.relation.schema, sent.lock.relation.name, path_);
    auto* relation = oid ? relations_.find(*oid) : nullptr;
    if (relation == nullptr || is_of_django(*relation)) {
      continue; // an index, or what is gone by now
    }
    auto& table = tables[*oid];
    table.table = relation->schema + "." + relation->name;
    table.lock = std::max(table.lock, sent.lock.mode);
    table.created = relation->created;
    table.rows = relation->rows;
    table.bytes =
        relation->created || !relation->rows ? std::nullopt : std::optional(relation->bytes);
    if (sent.seconds) {
      table.held = table.held.value_or(0) + *sent.seconds;
    }
    if (const auto file = work.files.find(*oid); file != work.files.end()) {
      note_file(work, *relation, file->second, table);
    }
  }
  for (auto& [oid, table] : tables) {
    work.entry.tables.push_back(std::move(table));
  }
}

void MigrationLog::note_file(const Work& work, KnownRelation& relation, std::int64_t file,
                             TableRecord& table) {
  if (file == 0 || file == relation.file) {
    return; // dropped, a view, or as it was
  }
  if (relation.file != 0 && !relation.created) {
    table.truncated = table.truncated ||
                      std::any_of(work.truncated.begin(), work.truncated.end(),
                                  [&](const auto& other) { return other.name == relation.name; });
    table.rewritten = table.rewritten || !table.truncated;
  }
  relation.file = file;
}

/// From the first statement that names it, without what that waited; else from the transaction's
/// beginning.
std::optional<double> MigrationLog::held_since(const Work& work, const std::string& name) const {
  const auto until_end = [&](Clock::time_point then) {
    return std::chrono::duration<double>(work.ended - then).count();
  };
  double seconds = work.held["seconds"].real() + until_end(work.told);
  for (const auto& sent : work.sent) {
    if (sent.lock.relation.name == name) {
      seconds = until_end(sent.at) - sent.waited.value_or(0);
      break;
    }
  }
  return std::max(0.0, seconds);
}

std::optional<std::int64_t> MigrationLog::log_since(const std::string& position) {
  const auto now = position_of(position);
  const auto before = std::exchange(position_, now.value_or(0));
  return now && before != 0 ? std::optional(*now - before) : std::nullopt;
}

} // namespace pgtool
