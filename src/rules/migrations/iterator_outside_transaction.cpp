#include "rules/migrations/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  if (reading.wrapped) {
    return remarks;
  }
  for (const auto& operation : operations_of(reading)) {
    for (const auto& place : operation.iterators) {
      if (!place.atomic) {
        auto remark = remark_on(
            reading, operation,
            ".iterator() outside of a transaction loses its cursor behind the pooler",
            "with transaction.atomic(): around the loop, or run it with pgtool migrate --direct");
        remark.where.line = place.line;
        remarks.push_back(std::move(remark));
      }
    }
  }
  return remarks;
}

} // namespace

const Rule iterator_outside_transaction{
    .slug = "iterator-outside-transaction",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = ".iterator() in a migration without a transaction loses its cursor in the pool",
    .why = "Outside of a transaction .iterator() declares a cursor WITH HOLD, which stays in one "
           "session of the pooler; the next FETCH may go to another one: \"cursor _django_curs_… "
           "does not exist\".",
    .remedy = "transaction.atomic() around it, or pgtool migrate --direct",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/"
            "#transaction-pooling-and-server-side-cursors",
    .read = read,
};

} // namespace pgtool::rules
