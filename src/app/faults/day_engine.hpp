#pragma once

#include "st0ck/adapters/sim/random.hpp"
#include "st0ck/core/timestamp.hpp"
#include "st0ck/kernel/engine.hpp"

#include <cstdint>
#include <vector>

namespace st0ck::app::faults {

/// What a bot of a fault day does and when it stops.
struct DayEngineSettings {
  std::vector<core::InstrumentId> instruments;
  core::Timestamp entries_until;  ///< No entries from then on.
  core::Timestamp flat_at;        ///< Closes all that it holds.
  std::int64_t acts_one_in = 6;   ///< Quotes of its instruments; 0: never.
  core::Duration acts_every{};    ///< Acts by the clock too, at the last price; 0: does not.
  std::int64_t quantity_max = 20;
  std::uint64_t seed = 1;
};

/// A bot that does everything an engine may do, drawn by a seed: entries of all types, brackets,
/// one-cancels-others, replaces, cancels, exits; flat at a time. The exits of its groups it leaves
/// alone: whoever takes his own stop away is not protected.
class DayEngine final : public kernel::Engine {
 public:
  explicit DayEngine(const DayEngineSettings& settings);

  std::vector<market::DataNeed> needs() const override;
  void on_session_phase(kernel::EngineContext& context, const market::SessionPhase& phase) override;
  void on_quote(kernel::EngineContext& context, const market::Quote& quote) override;
  void on_order(kernel::EngineContext& context, const kernel::OrderNews& news) override;
  void on_timer(kernel::EngineContext& context, kernel::TimerTopic topic) override;

 private:
  void act(kernel::EngineContext& context, core::InstrumentId instrument, core::Price price);
  void act_by_clock(kernel::EngineContext& context);
  void enter(kernel::EngineContext& context, core::InstrumentId instrument, core::Price price);
  void enter_group(kernel::EngineContext& context, core::InstrumentId instrument, core::Price price,
                   core::Quantity held);
  void leave(kernel::EngineContext& context, core::InstrumentId instrument, core::Price price,
             core::Quantity held);
  void change(kernel::EngineContext& context, core::Price price);
  void take_back(kernel::EngineContext& context);
  void submit(kernel::EngineContext& context, const trading::OrderRequest& request);
  void choose_type(trading::OrderRequest& request, core::Price price);
  trading::OrderRequest entry_of(core::InstrumentId instrument, trading::Side side);
  trading::OrderRequest target_of(const trading::OrderRequest& entry, core::Price price);
  trading::OrderRequest stop_of(const trading::OrderRequest& entry, core::Price price);
  core::Price beside(core::Price price, int direction, std::int64_t cents_max);
  bool draw(std::int64_t one_in) { return random_.below(one_in) == 0; }

  DayEngineSettings settings_;
  adapters::sim::Random random_;
  core::InstrumentId seen_;                ///< Whose quote came last, ...
  core::Price price_;                      ///< ... and its bid; zero before the first.
  std::vector<core::ClientOrderId> open_;  ///< Entries and exits of its own, not of groups.
};

}  // namespace st0ck::app::faults
