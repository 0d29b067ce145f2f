#pragma once

#include "support/kernel_stage.hpp"
#include "support/probe_engine.hpp"

#include <chrono>
#include <string>
#include <variant>

namespace st0ck::test {

/// Lets the engine ask for an order at the next quote, two seconds later; the refusal's code, or
/// nothing.
inline std::string refusal_on_quote(KernelStage& stage, ProbeEngine& engine,
                                    const trading::OrderRequest& request) {
  std::string refusal;
  engine.does_on_quote = [&](kernel::EngineContext& context, const market::Quote&) {
    const auto sent = context.submit(request);
    if (const auto* refused = std::get_if<trading::Refused>(&sent)) refusal = refused->code.str();
  };
  stage.go(stage.clock.now() + std::chrono::seconds{2});
  stage.quote("99.99", "100.01");
  engine.does_on_quote = nullptr;
  return refusal;
}

}  // namespace st0ck::test
