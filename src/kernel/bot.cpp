#include "bot.hpp"

#include "st0ck/kernel/explanation.hpp"

#include <algorithm>

namespace st0ck::kernel {

const market::Instrument& Kernel::Bot::instrument(core::InstrumentId id) const {
  return kernel_.parts_.instruments[id];
}

market::QuoteReading Kernel::Bot::quote(core::InstrumentId instrument) const {
  return kernel_.market_.quote_for(number_, instrument, now());
}

std::optional<market::TradingStatus> Kernel::Bot::trading_status(
    core::InstrumentId instrument) const {
  return kernel_.market_.trading_status(instrument);
}

const trading::Position* Kernel::Bot::position(core::InstrumentId instrument) const {
  return kernel_.desk_.find_position(identity_.bot, instrument);
}

trading::BotDay Kernel::Bot::day() const { return kernel_.desk_.day(identity_.bot); }

std::variant<core::ClientOrderId, trading::Refused> Kernel::Bot::submit(
    const trading::OrderRequest& request, const Inputs& inputs) {
  inputs_ = inputs;
  return kernel_.desk_.submit(identity_.bot, request);
}

std::variant<trading::GroupIds, trading::Refused> Kernel::Bot::submit_group(
    const trading::GroupRequest& request, const Inputs& inputs) {
  inputs_ = inputs;
  return kernel_.desk_.submit_group(identity_.bot, request);
}

bool Kernel::Bot::cancel(const core::ClientOrderId& order, const core::Code& reason,
                         const Inputs& inputs) {
  inputs_ = inputs;
  return kernel_.desk_.cancel(identity_.bot, order, reason);
}

std::optional<core::Code> Kernel::Bot::replace(const trading::ReplaceIntent& replace,
                                               const Inputs& inputs) {
  inputs_ = inputs;
  return kernel_.desk_.replace(identity_.bot, replace);
}

void Kernel::Bot::close(core::InstrumentId instrument, const core::Code& reason,
                        const Inputs& inputs) {
  inputs_ = inputs;
  kernel_.desk_.close(identity_.bot, instrument, reason);
}

core::TimerId Kernel::Bot::set_timer(core::Timestamp deadline, TimerTopic topic) {
  return kernel_.timers_.set(deadline, number_, topic);
}

void Kernel::Bot::cancel_timer(core::TimerId timer) { kernel_.timers_.cancel(timer); }

void Kernel::Bot::note_transition(core::InstrumentId instrument, const core::Code& to,
                                  const Inputs& inputs) {
  Decision decision = kernel_.decision_of(identity_.bot, identity_.engine, instrument,
                                          DecisionKind::Transition, to);
  if (kernel_.recorder_.is_kept()) decision.explanation = explanation_json(inputs, nullptr);
  kernel_.recorder_.record_decision(decision);
}

void Kernel::Bot::note_refusal(core::InstrumentId instrument, const core::Code& code,
                               const Inputs& inputs) {
  if (!is_new_refusal(instrument, code)) return;
  Decision decision =
      kernel_.decision_of(identity_.bot, identity_.engine, instrument, DecisionKind::Refusal, code);
  if (kernel_.recorder_.is_kept()) decision.explanation = explanation_json(inputs, nullptr);
  kernel_.recorder_.record_decision(decision);
}

void Kernel::Bot::warn(const core::Code& code, std::string_view message) {
  kernel_.on_risk_event(identity_.bot, code.view(), message);
}

bool Kernel::Bot::is_new_refusal(core::InstrumentId instrument, const core::Code& code) {
  const auto known = std::find_if(refusals_.begin(), refusals_.end(),
                                  [&](const auto& refusal) { return refusal.first == instrument; });
  if (known == refusals_.end()) {
    refusals_.emplace_back(instrument, code);
    return true;
  }
  if (known->second == code) return false;
  known->second = code;
  return true;
}

void Kernel::Bot::forget_refusal(core::InstrumentId instrument) {
  std::erase_if(refusals_, [&](const auto& refusal) { return refusal.first == instrument; });
}

}  // namespace st0ck::kernel
