#pragma once

#include "st0ck/trading/broker.hpp"
#include "support/orders.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What every broker promises (trading/broker.hpp), as tests that each adapter passes. Include this
// in one test file and make it real with INSTANTIATE_TEST_SUITE_P.

namespace st0ck::test {

/// A broker with its market, as far as the contract needs them. The market begins at 100.
class BrokerUnderTest {
 public:
  virtual ~BrokerUnderTest() = default;
  virtual trading::Broker& broker() = 0;
  virtual const std::vector<trading::OrderUpdate>& updates() const = 0;
  virtual void trade_at(core::Price price) = 0;
  /// Lets everything arrive that is under way.
  virtual void settle() = 0;
};

struct BrokerCase {
  std::string_view name;
  std::unique_ptr<BrokerUnderTest> (*make)();
};

class BrokerContract : public ::testing::TestWithParam<BrokerCase> {
 protected:
  using Kind = trading::OrderUpdateKind;
  using Kinds = std::vector<Kind>;

  void SetUp() override { under_test_ = GetParam().make(); }

  static trading::OrderIntent buy_limit(std::string_view id, std::string_view limit) {
    return *IntentBuilder{trading::Side::Buy, 10}.id(id).limit(limit);
  }
  void submit(const trading::OrderIntent& intent) {
    under_test_->broker().submit(approved(intent));
    under_test_->settle();
  }
  void cancel(std::string_view id) {
    under_test_->broker().cancel(core::ClientOrderId{id});
    under_test_->settle();
  }
  void replace(const trading::OrderIntent& intent, std::string_view limit) {
    trading::ReplaceIntent change{intent.client_order_id, intent.terms, core::Code{"TEST"}};
    change.terms.limit = price(limit);
    under_test_->broker().replace(approved_replace(intent, change));
    under_test_->settle();
  }
  void look_up(std::string_view id) {
    under_test_->broker().look_up(core::ClientOrderId{id});
    under_test_->settle();
  }
  void trade_at(std::string_view at) {
    under_test_->trade_at(price(at));
    under_test_->settle();
  }
  void submit_bracket(std::string_view id) {
    using trading::GroupRole;
    std::vector<trading::OrderIntent> group{
        buy_limit(id, "99.00"),
        IntentBuilder{trading::Side::Sell, 10}.id(fmt::format("{}-1", id)).limit("101.00").exit(),
        IntentBuilder{trading::Side::Sell, 10}.id(fmt::format("{}-2", id)).stop("98.00").exit()};
    const GroupRole roles[] = {GroupRole::Entry, GroupRole::Target, GroupRole::Stop};
    std::vector<trading::Approved<trading::OrderIntent>> passed;
    for (std::size_t i = 0; i < group.size(); ++i) {
      group[i].group = {trading::GroupKind::Bracket, roles[i], core::ClientOrderId{id}};
      passed.push_back(approved(group[i]));
    }
    under_test_->broker().submit_group(passed);
    under_test_->settle();
  }

  const trading::OrderUpdate& last() const { return under_test_->updates().back(); }
  /// What was said of an order since the last call.
  Kinds heard(std::string_view id) {
    Kinds kinds;
    const auto& all = under_test_->updates();
    for (std::size_t i = heard_; i < all.size(); ++i)
      if (all[i].client_order_id.view() == id) kinds.push_back(all[i].kind);
    return kinds;
  }
  void forget() { heard_ = under_test_->updates().size(); }

  std::unique_ptr<BrokerUnderTest> under_test_;
  std::size_t heard_ = 0;
};

TEST_P(BrokerContract, AcceptsAnOrderThatRests) {
  submit(buy_limit("a-x-1", "99.00"));

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::Accepted});
  EXPECT_TRUE(last().cumulative_quantity.is_zero());
}

TEST_P(BrokerContract, FillsWhatTheMarketReachesAndTellsTheSums) {
  submit(buy_limit("a-x-1", "99.00"));
  forget();

  trade_at("98.50");

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::Fill});
  EXPECT_EQ(last().quantity, shares(10));
  EXPECT_EQ(last().cumulative_quantity, shares(10));
  EXPECT_EQ(last().cumulative_notional,
            core::notional(last().price, shares(10), core::kUnitMultiplier));
  EXPECT_LE(last().price, price("99.00"));
  EXPECT_FALSE(last().execution.empty());
}

TEST_P(BrokerContract, ConfirmsACancel) {
  submit(buy_limit("a-x-1", "99.00"));
  forget();

  cancel("a-x-1");

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::Cancelled});
}

TEST_P(BrokerContract, RefusesToCancelWhatItNeverHad) {
  cancel("a-x-1");

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::CancelRejected});
}

TEST_P(BrokerContract, RefusesToCancelWhatHasFilled) {
  submit(buy_limit("a-x-1", "99.00"));
  trade_at("98.50");
  forget();

  cancel("a-x-1");

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::CancelRejected});
}

TEST_P(BrokerContract, ConfirmsNewTermsUnderTheSameId) {
  const auto intent = buy_limit("a-x-1", "98.00");
  submit(intent);
  forget();

  replace(intent, "99.00");

  ASSERT_EQ(heard("a-x-1"), Kinds{Kind::Replaced});
  trading::OrderTerms wanted = intent.terms;
  wanted.limit = price("99.00");
  EXPECT_EQ(last().terms, wanted);
  trade_at("98.50");
  EXPECT_EQ(last().kind, Kind::Fill);
  EXPECT_EQ(last().client_order_id, intent.client_order_id);
}

TEST_P(BrokerContract, RefusesNewTermsOfWhatHasFilled) {
  const auto intent = buy_limit("a-x-1", "99.00");
  submit(intent);
  trade_at("98.50");
  forget();

  replace(intent, "98.00");

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::ReplaceRejected});
}

TEST_P(BrokerContract, SaysThatAClientOrderIdWasUsed) {
  submit(buy_limit("a-x-1", "99.00"));
  cancel("a-x-1");
  forget();

  submit(buy_limit("a-x-1", "99.00"));

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::DuplicateId});
}

TEST_P(BrokerContract, LooksUpHowAnOrderStands) {
  submit(buy_limit("a-x-1", "98.00"));
  submit(buy_limit("a-x-2", "99.00"));
  submit(buy_limit("a-x-3", "97.00"));
  trade_at("98.50");
  cancel("a-x-3");
  forget();

  for (const std::string_view id : {"a-x-1", "a-x-2", "a-x-3", "a-x-4"}) look_up(id);

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::Accepted});
  EXPECT_EQ(heard("a-x-2"), (Kinds{Kind::Fill, Kind::ReplaceRejected}));
  EXPECT_EQ(heard("a-x-3"), Kinds{Kind::Cancelled});
  EXPECT_EQ(heard("a-x-4"), Kinds{Kind::ProvenAbsent});
}

TEST_P(BrokerContract, EndsTheStopOfABracketWhenItsTargetFills) {
  ASSERT_TRUE(under_test_->broker().abilities().holds_groups);
  submit_bracket("a-x-1");
  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::Accepted});
  EXPECT_EQ(heard("a-x-1-1"), Kinds{Kind::Accepted});
  EXPECT_EQ(heard("a-x-1-2"), Kinds{Kind::Accepted});
  trade_at("98.50");
  forget();

  trade_at("101.50");

  EXPECT_EQ(heard("a-x-1-1"), Kinds{Kind::Fill});
  EXPECT_EQ(heard("a-x-1-2"), Kinds{Kind::Cancelled});
}

TEST_P(BrokerContract, EndsTheExitsOfABracketWithItsEntry) {
  submit_bracket("a-x-1");
  forget();

  cancel("a-x-1");

  EXPECT_EQ(heard("a-x-1"), Kinds{Kind::Cancelled});
  EXPECT_EQ(heard("a-x-1-1"), Kinds{Kind::Cancelled});
  EXPECT_EQ(heard("a-x-1-2"), Kinds{Kind::Cancelled});
}

}  // namespace st0ck::test
