#pragma once

#include "st0ck/adapters/alpaca/alpaca_stream.hpp"
#include "st0ck/adapters/alpaca/status_board.hpp"
#include "st0ck/adapters/alpaca/wire/data/data_listener.hpp"
#include "wanted_data.hpp"

#include <optional>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::alpaca {

/// The stream itself: held by its owner, and by a call into it while that runs, so that the sink
/// may let go of it at any moment.
class AlpacaStream::Impl final : public std::enable_shared_from_this<Impl>, private DataListener {
 public:
  Impl(AlpacaStreamSettings settings, DataAuth keys, const Parts& parts,
       core::ExchangeCalendar calendar);

  core::Status check(std::span<const market::DataNeed> needs) const {
    return check_needs(traits_of(settings_.feed), parts_.instruments, needs);
  }
  void start(std::span<const market::DataNeed> needs, market::EventSink& sink);
  void stop();
  AlpacaStreamStats stats() const;

 private:
  using Session = DataStreamSession;

  /// One set of needs and what takes its frames apart; a frame that is being read keeps it.
  struct Subscription {
    Subscription(WantedData data, DataListener& listener, DataDecoderSettings settings)
        : wanted{std::move(data)}, decoder{wanted.symbols, listener, settings} {}

    WantedData wanted;
    DataDecoder decoder;
  };

  /// What was told last of an instrument; nothing older is told.
  struct Line {
    core::Timestamp quote_time = core::Timestamp::min();
    core::Timestamp trade_time = core::Timestamp::min();
    bool is_halted = false;
  };

  // The connection (stream_connection.cpp).
  void connect();
  void connect_after(core::Duration wait);
  net::WebSocketRequest request() const;
  net::WebSocketListener listener();
  void receive(net::MessageKind kind, std::string_view bytes);
  void step(const Session::Event& event);
  void act(const Session::Nothing&) {}
  void act(const Session::SendAuthentication& action);
  void act(const Session::SendSubscription& action);
  void act(const Session::BeginStreaming& action);
  void act(const Session::Ending& ending);
  void send(const DataRequest& request);

  // What it says of itself.
  void look();
  void tell_state();
  void tell(market::ProviderState state, core::Code reason);

  // Bars that were missed.
  void catch_up();
  void ask_history(BarGate::Gap gap);
  void on_history(BarGate::Gap gap, core::Result<std::vector<market::Bar>> bars);
  void caught_up(std::vector<market::Bar> fetched, core::Timestamp until);

  // What comes (DataListener).
  void on_trade(core::InstrumentId instrument, const TapeTrade& trade) override;
  void on_quote(core::InstrumentId instrument, const TapeQuote& quote) override;
  void on_bar(core::InstrumentId instrument, TapeBarKind kind, const TapeBar& bar) override;
  void on_status(core::InstrumentId instrument, const TapeStatus& status) override;
  void on_bands(core::InstrumentId instrument, const TapeBands& bands) override;
  void on_correction(core::InstrumentId instrument, const TapeCorrection& correction) override;
  void on_cancel(core::InstrumentId instrument, const TapeCancel& cancel) override;
  void on_success(std::string_view message) override;
  void on_error(std::uint32_t code, std::string_view message) override;
  void on_subscription(const Channels& channels) override;
  void on_refused(const RefusedMessage& message) override;
  void tell_bar(const market::Bar& bar);
  void tell_status(const market::TradingStatus* status);

  /// Whether the rest of the frame still is for the one who listens now.
  bool is_current() const { return frame_generation_ == generation_; }
  bool tells(core::InstrumentId instrument, market::DataKind kind) const {
    return is_current() && session_ && session_->is_streaming() &&
           subscription_->wanted.has(instrument, kind);
  }

  /// Wraps a call that must not come after this is gone or was stopped.
  template <typename Call>
  auto later(Call call) {
    return [weak = weak_from_this(), generation = generation_,
            call = std::move(call)](auto&&... args) {
      const auto self = weak.lock();
      if (self && self->generation_ == generation)
        call(*self, std::forward<decltype(args)>(args)...);
    };
  }

  /// Sets a task in the place of the one before.
  template <typename Call>
  void arm(net::TaskId& task, core::Duration wait, Call call) {
    parts_.scheduler.cancel(task);
    task = parts_.scheduler.call_after(wait, later(std::move(call)));
  }

  core::Duration now() const { return parts_.scheduler.elapsed(); }

  AlpacaStreamSettings settings_;
  DataAuth keys_;
  Parts parts_;
  core::ExchangeCalendar calendar_;

  market::EventSink* sink_ = nullptr;
  std::shared_ptr<Subscription> subscription_;
  std::uint64_t generation_ = 0;  ///< Of the latest start or stop.
  std::uint64_t frame_generation_ = 0;
  core::Duration frame_time_{};

  std::mt19937_64 random_;
  net::Reconnect reconnect_;
  core::Duration paused_until_{};
  std::optional<net::SocketKeys::Lease> lease_;
  std::optional<Session> session_;
  std::unique_ptr<net::WebSocketConnection> connection_;

  StatusBoard statuses_;
  BarGate gate_;
  FeedWatch watch_;
  std::vector<Line> lines_;  ///< By instrument.
  bool is_stale_ = false;
  core::Code gap_reason_;  ///< Empty while no bar is missing.
  core::Duration back_fill_pause_{};
  std::uint64_t back_fill_ = 0;  ///< The latest request; answers to others come too late.
  std::optional<market::ProviderStatus> told_;

  net::TaskId connect_task_{};
  net::TaskId deadline_task_{};
  net::TaskId watch_task_{};
  net::TaskId back_fill_task_{};
  AlpacaStreamStats stats_;
};

}  // namespace st0ck::alpaca
