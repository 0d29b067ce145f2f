#pragma once

#include "st0ck/kernel/kernel.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace st0ck::kernel {

/// One engine with its name and its way to the kernel.
class Kernel::Bot : public EngineContext {
 public:
  Bot(Kernel& kernel, market::Subscriber number, const BotIdentity& identity,
      std::unique_ptr<Engine> engine)
      : kernel_{kernel}, number_{number}, identity_{identity}, engine_{std::move(engine)} {}

  const BotIdentity& identity() const { return identity_; }
  market::Subscriber number() const { return number_; }
  Engine& engine() { return *engine_; }

  /// What the request under review was based on.
  const Inputs& inputs() const { return inputs_; }

  /// Whether `code` is not the one that kept the bot from trading the instrument before.
  bool is_new_refusal(core::InstrumentId instrument, const core::Code& code);

  /// Forgets why the bot did not trade the instrument, as it now does.
  void forget_refusal(core::InstrumentId instrument);

  /// Whether the engine has failed before in this session; from now on it has.
  bool has_failed_before() { return std::exchange(has_failed_, true); }
  void forget_failure() { has_failed_ = false; }

  core::Timestamp now() const override { return kernel_.clock_.now(); }
  const market::Instrument& instrument(core::InstrumentId id) const override;
  market::QuoteReading quote(core::InstrumentId instrument) const override;
  std::optional<market::TradingStatus> trading_status(core::InstrumentId instrument) const override;
  const trading::Position* position(core::InstrumentId instrument) const override;
  trading::BotDay day() const override;
  std::variant<core::ClientOrderId, trading::Refused> submit(const trading::OrderRequest& request,
                                                             const Inputs& inputs) override;
  std::variant<trading::GroupIds, trading::Refused> submit_group(
      const trading::GroupRequest& request, const Inputs& inputs) override;
  bool cancel(const core::ClientOrderId& order, const core::Code& reason,
              const Inputs& inputs) override;
  std::optional<core::Code> replace(const trading::ReplaceIntent& replace,
                                    const Inputs& inputs) override;
  void close(core::InstrumentId instrument, const core::Code& reason,
             const Inputs& inputs) override;
  core::TimerId set_timer(core::Timestamp deadline, TimerTopic topic) override;
  void cancel_timer(core::TimerId timer) override;
  void note_transition(core::InstrumentId instrument, const core::Code& to,
                       const Inputs& inputs) override;
  void note_refusal(core::InstrumentId instrument, const core::Code& code,
                    const Inputs& inputs) override;
  void warn(const core::Code& code, std::string_view message) override;

 private:
  Kernel& kernel_;
  market::Subscriber number_;
  BotIdentity identity_;
  std::unique_ptr<Engine> engine_;
  Inputs inputs_;
  std::vector<std::pair<core::InstrumentId, core::Code>> refusals_;
  bool has_failed_ = false;
};

}  // namespace st0ck::kernel
