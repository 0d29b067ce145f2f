#include "st0ck/adapters/alpaca/wire/reference/portfolio_history.hpp"

#include "src/adapters/alpaca/wire/codec/object_reader.hpp"
#include "src/adapters/alpaca/wire/codec/object_writer.hpp"

#include <chrono>

namespace st0ck::alpaca {

namespace {

/// The history as the interface has it: one list per figure, times in whole seconds since 1970.
struct Columns {
  std::vector<std::uint64_t> seconds{};
  std::vector<std::optional<core::Money>> equity{};
  std::vector<std::optional<core::Money>> profit{};
  std::vector<std::optional<double>> profit_rate{};
  std::optional<core::Money> base_value{};
  std::string timeframe{};
};

template <typename Fields, typename T>
  requires std::is_same_v<std::remove_const_t<T>, Columns>
void describe(Fields& fields, T& columns) {
  fields.or_empty_list("timestamp", columns.seconds);
  fields.computed_number("equity", columns.equity);
  fields.computed_number("profit_loss", columns.profit);
  fields.or_empty_list("profit_loss_pct", columns.profit_rate);
  fields.computed_number("base_value", columns.base_value);
  fields.field("timeframe", columns.timeframe);
}

/// No clock shows a time beyond the year 2200.
constexpr std::uint64_t kSecondsMax = 7'258'118'400;

}  // namespace

core::Result<PortfolioHistory> read_portfolio_history(std::string_view body) {
  const auto columns = read_object<Columns>("portfolio history", body);
  if (!columns) return tl::unexpected<core::Error>(columns.error());
  const std::size_t size = columns->seconds.size();
  if (columns->equity.size() != size || columns->profit.size() != size ||
      columns->profit_rate.size() != size)
    return core::fail(core::Errc::BadInput, "portfolio history: the lists differ in length");
  PortfolioHistory history{.base_value = columns->base_value, .timeframe = columns->timeframe};
  for (std::size_t i = 0; i < size; ++i) {
    if (columns->seconds[i] > kSecondsMax)
      return core::fail(core::Errc::OutOfRange, "portfolio history: {} is no time in seconds",
                        columns->seconds[i]);
    history.points.push_back({.time = core::Timestamp{std::chrono::seconds{columns->seconds[i]}},
                              .equity = columns->equity[i],
                              .profit = columns->profit[i],
                              .profit_rate = columns->profit_rate[i]});
  }
  return history;
}

std::string to_json(const PortfolioHistory& history) {
  Columns columns{.base_value = history.base_value, .timeframe = history.timeframe};
  for (const auto& point : history.points) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(point.time.time_since_epoch());
    columns.seconds.push_back(static_cast<std::uint64_t>(seconds.count()));
    columns.equity.push_back(point.equity);
    columns.profit.push_back(point.profit);
    columns.profit_rate.push_back(point.profit_rate);
  }
  return object_json(columns);
}

}  // namespace st0ck::alpaca
