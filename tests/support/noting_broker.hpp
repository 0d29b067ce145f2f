#pragma once

#include "st0ck/trading/broker.hpp"

#include <span>
#include <string>
#include <vector>

namespace st0ck::test {

/// A broker that notes what reaches it, as `order a`, `group a`, `cancel a`, and answers nothing.
class NotingBroker final : public trading::Broker {
 public:
  void submit(const trading::Approved<trading::OrderIntent>& intent) override {
    heard.push_back("order " + intent->client_order_id.str());
  }
  void submit_group(std::span<const trading::Approved<trading::OrderIntent>> group) override {
    heard.push_back("group " + group.front()->client_order_id.str());
  }
  void cancel(const core::ClientOrderId& order) override {
    heard.push_back("cancel " + order.str());
  }
  void replace(const trading::Approved<trading::ReplaceIntent>& replace) override {
    heard.push_back("replace " + replace->client_order_id.str());
  }
  void look_up(const core::ClientOrderId& order) override {
    heard.push_back("look up " + order.str());
  }
  trading::BrokerAbilities abilities() const override { return able_to; }

  std::vector<std::string> heard;
  trading::BrokerAbilities able_to{};
};

}  // namespace st0ck::test
