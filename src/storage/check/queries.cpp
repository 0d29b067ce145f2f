#include "queries.hpp"

namespace st0ck::storage {

core::Status for_each_row(Database& database, std::string_view query,
                          const std::function<void(const Statement&)>& on_row) {
  auto statement = database.prepare(query);
  if (!statement) return tl::unexpected(statement.error());
  while (true) {
    const auto more = statement->next();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    on_row(*statement);
  }
}

}  // namespace st0ck::storage
