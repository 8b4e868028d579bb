#include "rules/sessions/own_session.hpp"

namespace pgtool::rules {

std::string own_session(const Reading& reading) {
  switch (reading.sender) {
  case Sender::migration:
    return "run the migration with pgtool migrate --direct, whose session is nobody else's";
  case Sender::application:
    return "use a database alias that goes to PostgreSQL directly (pgtool endpoint --prefer direct "
           "prints one)";
  case Sender::file:
    break;
  }
  return "run the file on the direct endpoint (psql \"$(pgtool endpoint --prefer direct "
         "--show-password)\")";
}

std::string or_own_session(const Reading& reading, const std::string& form) {
  return form + "; or " + own_session(reading);
}

} // namespace pgtool::rules
