#pragma once

#include "src/app/promotion/promotion.hpp"
#include "st0ck/core/hash.hpp"
#include "st0ck/core/time_text.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

// What tests of promotions have in common.
namespace st0ck::test {

inline constexpr std::string_view kPaperHost = "paper-api.alpaca.markets";
inline constexpr std::string_view kLiveHost = "api.alpaca.markets";

inline core::Date promotion_day(std::string_view date) { return core::parse_date(date).value(); }

/// An account that would trade ST0CKA live.
inline app::PromotionHolder promotion_holder() {
  app::PromotionHolder holder;
  holder.target.host = {app::HostKind::Live, std::string{kLiveHost}};
  holder.target.configuration = core::sha256_hex("settings");
  holder.target.bots = {{core::BotId{"scalper"}, core::EngineName{"st0cka"}, 3}};
  holder.account = core::AccountId{"default"};
  holder.keys = {"PK1", "secret"};
  return holder;
}

/// A session that counts.
inline app::SessionEvidence good_session(core::Date date) {
  app::SessionEvidence session;
  session.date = date;
  session.host = kPaperHost;
  session.market_host = "stream.data.alpaca.markets";
  session.clock = "machine";
  return session;
}

/// A paper run of the holder's engine with `count` sessions that count, one a day from 2025-06-02.
inline app::RunEvidence good_evidence(int count) {
  const app::PromotionHolder holder = promotion_holder();
  app::RunEvidence evidence;
  evidence.mode = "paper";
  evidence.configuration = holder.target.configuration;
  evidence.broker_account = "PA1";
  evidence.bots = holder.target.bots;
  std::chrono::sys_days day{promotion_day("2025-06-02")};
  for (int i = 0; i < count; ++i, day += std::chrono::days{1})
    evidence.sessions.push_back(good_session(core::Date{day}));
  return evidence;
}

}  // namespace st0ck::test
