#include "st0ck/adapters/alpaca/endpoint_group.hpp"

namespace st0ck::alpaca {

std::string_view name_of(EndpointGroup group) {
  switch (group) {
    case EndpointGroup::Orders: return "orders";
    case EndpointGroup::Account: return "account";
    case EndpointGroup::Assets: return "assets";
    case EndpointGroup::Contracts: return "contracts";
    case EndpointGroup::Quotes: return "quotes";
    case EndpointGroup::Trades: return "trades";
    case EndpointGroup::Bars: return "bars";
    case EndpointGroup::Snapshots: return "snapshots";
    case EndpointGroup::Options: return "options";
    case EndpointGroup::Screener: return "screener";
    case EndpointGroup::CorporateActions: return "corporate_actions";
  }
  return "?";
}

}  // namespace st0ck::alpaca
