#include "app/exchange/exchange_stage.hpp"
#include "st0ck/adapters/alpaca/corporate_actions_reader.hpp"
#include "st0ck/net/http_client.hpp"
#include "st0ck/net/memory_http_transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// What st0ck-exchange serves of corporate actions, as the daemon reads it.
namespace st0ck::app::exchange::test {
namespace {

TEST(CorporateActionsServed, AreThoseOfTheTapeInManyPages) {
  Stage stage;
  stage.play_until(at("2025-01-10T17:00:00Z"));
  net::SimulatedScheduler scheduler;
  int requests = 0;
  net::MemoryHttpTransport http{
      scheduler, [&](const net::HttpRequest& request) {
        ++requests;
        const std::string target = request.url.substr(std::string_view{"http://host"}.size());
        const auto answer = stage.ask(target);
        return net::HttpResponse{.status = answer.status, .body = answer.body};
      }};
  net::RateLimiter limiter{scheduler, stage.clock, {}};
  net::HttpPool pool{scheduler, http, {}};
  net::HttpClient client{scheduler, stage.clock, limiter, pool, net::RetrySettings{}, 1};
  alpaca::RestReader rest{scheduler, client, {.base_url = "http://host"}, {"test", "test"}};
  alpaca::CorporateActionsReader reader{{.rows_max = 1}, rest, stage.instruments};

  std::optional<core::Result<market::AnnouncedActions>> answer;
  const core::Date first{std::chrono::year{2025} / 1 / 2};
  const core::Date last{std::chrono::year{2025} / 1 / 10};
  reader.read(first, last, [&](auto announced) { answer = std::move(announced); });
  scheduler.run_for(std::chrono::minutes{1});

  ASSERT_TRUE(answer);
  ASSERT_TRUE(*answer) << answer->error().message;
  std::vector<market::CorporateAction> of_tape;
  for (const auto& event : stage.events)
    if (const auto* action = std::get_if<market::CorporateAction>(&event.what))
      of_tape.push_back(*action);
  ASSERT_GT(of_tape.size(), 2U);
  EXPECT_EQ(static_cast<std::size_t>(requests), of_tape.size());
  EXPECT_TRUE((*answer)->unhandled.empty());
  ASSERT_EQ((*answer)->actions.size(), of_tape.size());
  for (const market::CorporateAction& told : of_tape)
    EXPECT_TRUE(std::ranges::any_of((*answer)->actions, [&](const market::CorporateAction& read) {
      return read.instrument == told.instrument && read.kind == told.kind &&
             read.ex_date == told.ex_date && read.amount == told.amount &&
             read.numerator == told.numerator && read.denominator == told.denominator;
    })) << core::format_date(told.ex_date);
}

}  // namespace
}  // namespace st0ck::app::exchange::test
