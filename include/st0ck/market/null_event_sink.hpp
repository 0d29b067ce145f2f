#pragma once

#include "st0ck/market/data_source.hpp"

namespace st0ck::market {

/// Hears everything and does nothing with it; whoever wants to hear a part derives from it.
class NullEventSink : public EventSink {
 public:
  void on_quote(const Quote&) override {}
  void on_trade(const Trade&) override {}
  void on_bar(const Bar&) override {}
  void on_session_phase(const SessionPhase&) override {}
  void on_provider_status(const ProviderStatus&) override {}
};

}  // namespace st0ck::market
