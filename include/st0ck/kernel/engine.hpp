#pragma once

#include "st0ck/core/ids.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/market/events.hpp"
#include "st0ck/market/instrument.hpp"
#include "st0ck/market/market_data.hpp"
#include "st0ck/trading/broker.hpp"
#include "st0ck/trading/desk.hpp"
#include "st0ck/trading/fill.hpp"
#include "st0ck/trading/order_manager.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace st0ck::kernel {

/// What a decision was based on, by name, as text for people: `{"bid", "271.34"}`.
using Inputs = std::vector<std::pair<std::string_view, std::string>>;

/// Which of its timers an engine is told about.
using TimerTopic = std::uint32_t;

/// What happened to one of a bot's orders.
struct OrderNews {
  const trading::Order& order;  ///< As it stands now.
  trading::OrderUpdateKind kind = trading::OrderUpdateKind::Accepted;
  std::optional<trading::Fill> fill;
};

/// What an engine may see and do. Everything it does is checked, journalled and explained.
class EngineContext {
 public:
  virtual ~EngineContext() = default;

  virtual core::Timestamp now() const = 0;
  virtual const market::Instrument& instrument(core::InstrumentId id) const = 0;

  /// The latest quote as the bot's own declared need sees it: fresh, stale or missing.
  virtual market::QuoteReading quote(core::InstrumentId instrument) const = 0;

  /// Whether the instrument is halted or restricted; nothing where the market does not say.
  virtual std::optional<market::TradingStatus> trading_status(
      core::InstrumentId instrument) const = 0;

  /// The bot's position, nullptr when it never had one. Valid until the engine returns.
  virtual const trading::Position* position(core::InstrumentId instrument) const = 0;

  /// The bot's session so far.
  virtual trading::BotDay day() const = 0;

  /// Sends an order if the risk manager lets it: its client order id, or why not.
  virtual std::variant<core::ClientOrderId, trading::Refused> submit(
      const trading::OrderRequest& request, const Inputs& inputs = {}) = 0;

  /// Sends a bracket, one-cancels-other or one-triggers-other: all its orders, or none and why.
  virtual std::variant<trading::GroupIds, trading::Refused> submit_group(
      const trading::GroupRequest& request, const Inputs& inputs = {}) = 0;

  /// Asks for a cancel; false when there is nothing to cancel or a cancel is under way.
  virtual bool cancel(const core::ClientOrderId& order, const core::Code& reason,
                      const Inputs& inputs = {}) = 0;

  /// Asks for new terms; the code of the refusal when they may not be.
  virtual std::optional<core::Code> replace(const trading::ReplaceIntent& replace,
                                            const Inputs& inputs = {}) = 0;

  /// Cancels all the bot has at work in an instrument, then closes its position at the market,
  /// again and again until it is flat; entries in it are refused meanwhile.
  virtual void close(core::InstrumentId instrument, const core::Code& reason,
                     const Inputs& inputs = {}) = 0;

  /// Calls `on_timer` with the topic at a deadline; one in the past comes after this handler.
  virtual core::TimerId set_timer(core::Timestamp deadline, TimerTopic topic) = 0;
  virtual void cancel_timer(core::TimerId timer) = 0;

  /// Notes a change of the engine's state as a decision.
  virtual void note_transition(core::InstrumentId instrument, const core::Code& to,
                               const Inputs& inputs = {}) = 0;

  /// Notes why the bot does not trade; stored when the code differs from the last one.
  virtual void note_refusal(core::InstrumentId instrument, const core::Code& code,
                            const Inputs& inputs = {}) = 0;

  /// Tells people about something that is not as it should be; stored as a risk event.
  virtual void warn(const core::Code& code, std::string_view message) = 0;
};

/// A session life cycle that turns events into decisions.
///
/// A deterministic function of its events and configuration: no wall clock, no I/O, no unseeded
/// randomness, no iteration order of a hash map, no thread. It acts through its context only, on
/// events and on deadlines that it sets. An exception halts its bot and nothing else.
class Engine {
 public:
  virtual ~Engine() = default;

  /// What it must be told; read once, before the first event.
  virtual std::vector<market::DataNeed> needs() const = 0;

  virtual void on_session_phase(EngineContext& context, const market::SessionPhase& phase);
  virtual void on_quote(EngineContext& context, const market::Quote& quote);
  virtual void on_trade(EngineContext& context, const market::Trade& trade);
  virtual void on_bar(EngineContext& context, const market::Bar& bar);
  virtual void on_provider_status(EngineContext& context, const market::ProviderStatus& status);
  virtual void on_trading_status(EngineContext& context, const market::TradingStatus& status);
  /// Of any instrument that the engine declared a need for, once position and orders are adjusted.
  virtual void on_corporate_action(EngineContext& context, const market::CorporateAction& action);
  virtual void on_order(EngineContext& context, const OrderNews& news);
  virtual void on_timer(EngineContext& context, TimerTopic topic);
};

}  // namespace st0ck::kernel
