#include "rules/reading/remarks.hpp"

#include "sql/quote.hpp"
#include "sql/shown_statement.hpp"

namespace pgtool {

Remark remark_on(const Reading& reading, const ReadStep& step, std::string message,
                 std::string remedy) {
  Remark remark;
  remark.message = std::move(message);
  remark.where = step.where;
  remark.detail = shown_statement(reading.statements[step.statement].text);
  remark.size = step.table.size;
  remark.remedy = std::move(remedy);
  remark.mode = reading.pool_mode;
  return remark;
}

Remark remark_on(const Reading& reading, std::size_t statement, std::string message,
                 std::string remedy) {
  ReadStep step;
  step.statement = statement;
  step.where = {reading.file, reading.statements[statement].line, reading.name};
  return remark_on(reading, step, std::move(message), std::move(remedy));
}

Remark remark_on(const Reading& reading, const DjangoOperation& operation, std::string message,
                 std::string remedy) {
  Remark remark;
  remark.message = std::move(message);
  remark.where = {reading.file, operation.line, reading.name};
  remark.detail = operation.says;
  remark.remedy = std::move(remedy);
  remark.mode = reading.pool_mode;
  return remark;
}

const std::vector<DjangoOperation>& operations_of(const Reading& reading) {
  static const std::vector<DjangoOperation> none;
  return reading.django ? reading.django->operations : none;
}

Remark remark_on(const Reading& reading, const ReadStep& step, const Relation& object,
                 std::string message, std::string remedy) {
  auto remark = remark_on(reading, step, std::move(message), std::move(remedy));
  remark.where.object = plain_name(object);
  return remark;
}

std::string written(const Relation& relation) {
  if (relation.schema.empty() && relation.name == "%s") {
    return "<table>"; // its code names it
  }
  const auto name = quote_identifier(relation.name);
  return relation.schema.empty() ? name : quote_identifier(relation.schema) + "." + name;
}

} // namespace pgtool
