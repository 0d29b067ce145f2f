#include "st0ck/kernel/engine.hpp"

namespace st0ck::kernel {

void Engine::on_session_phase(EngineContext&, const market::SessionPhase&) {}
void Engine::on_quote(EngineContext&, const market::Quote&) {}
void Engine::on_trade(EngineContext&, const market::Trade&) {}
void Engine::on_bar(EngineContext&, const market::Bar&) {}
void Engine::on_provider_status(EngineContext&, const market::ProviderStatus&) {}
void Engine::on_trading_status(EngineContext&, const market::TradingStatus&) {}
void Engine::on_corporate_action(EngineContext&, const market::CorporateAction&) {}
void Engine::on_order(EngineContext&, const OrderNews&) {}
void Engine::on_timer(EngineContext&, TimerTopic) {}

}  // namespace st0ck::kernel
