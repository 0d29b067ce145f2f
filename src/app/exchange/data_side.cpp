#include "src/app/exchange/data_side.hpp"

#include "st0ck/adapters/sim/generated/tape.hpp"

#include <utility>
#include <vector>

namespace st0ck::app::exchange {

namespace {

core::Result<std::unique_ptr<History>> history_of(const ExchangeHost& host,
                                                  const DataSide::Parts& parts) {
  HistorySettings settings;
  settings.on_progress = parts.on_progress;
  const ExchangeMarket& market = host.market();
  if (!market.made_up) return std::make_unique<History>(std::move(settings), market.open_tape);
  auto tape = adapters::sim::generated::make_session_tape(*market.made_up, host.calendar(),
                                                          *market.instruments);
  if (!tape) return tl::unexpected(tape.error());
  return std::make_unique<History>(std::move(settings), std::move(*tape));
}

DataKeys keys_of(const ExchangeSettings& settings) {
  std::vector<DataKey> keys;
  for (const AccountSettings& account : settings.accounts)
    keys.push_back({account.key, account.secret});
  return DataKeys{std::move(keys)};
}

}  // namespace

core::Result<std::unique_ptr<DataSide>> DataSide::open(const ExchangeSettings& settings,
                                                       ExchangeHost& host, const Parts& parts) {
  auto history = history_of(host, parts);
  if (!history) return tl::unexpected(history.error());
  auto tape = (*history)->tape();
  if (!tape) return tl::unexpected(tape.error());
  host.play(std::move(*tape));
  return std::unique_ptr<DataSide>{new DataSide{settings, host, parts, std::move(*history)}};
}

DataSide::DataSide(const ExchangeSettings& settings, ExchangeHost& host, const Parts& parts,
                   std::unique_ptr<History> history)
    : history_{std::move(history)},
      record_{host.calendar(), *host.market().instruments, *history_},
      keys_{keys_of(settings)},
      api_{{record_, keys_, host.clock(), parts.wall, parts.scheduler}},
      streams_{{record_, keys_, host.clock(), parts.scheduler}} {}

DataHalf DataSide::half() {
  return {.record = &record_,
          .handles = [this](const net::ServerRequest& request) { return api_.handles(request); },
          .answer = [this](const net::ServerRequest& request) { return api_.answer(request); },
          .handles_upgrade =
              [this](const net::ServerRequest& request) { return streams_.handles(request); },
          .upgrade =
              [this](const net::ServerRequest& request, const net::WebSocketUpgrade& upgrade) {
                streams_.upgrade(request, upgrade);
              }};
}

}  // namespace st0ck::app::exchange
