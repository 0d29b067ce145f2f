#pragma once

#include "src/app/exchange/account.hpp"
#include "src/app/faults/guard_book.hpp"
#include "src/app/faults/journal_books.hpp"
#include "st0ck/adapters/alpaca/wire/trading/order_stream.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace st0ck::app::faults {

/// Finds a violation: the rule's name, and what it was.
using Blame = std::function<void(std::string_view rule, const std::string& what)>;

/// What the exchange knows of our orders, kept from its own order events: the oracle that the
/// trader is held against. Nothing the trader believes goes in, but whose an order is: its name,
/// and what the journal says that it is for.
class ExchangeBooks {
 public:
  /// All outlives it.
  ExchangeBooks(exchange::Account& account, const JournalBooks& journal, Blame blame)
      : account_{account}, journal_{journal}, blame_{std::move(blame)} {}

  /// One of ours, as far as the exchange tells.
  struct Ours {
    core::BotId bot;
    core::ClientOrderId root;  ///< The id under which it, or the head of its group, was sent.
    bool is_leg = false;       ///< It came with its head, and has no id of ours.
    const JournalBooks::Intended* intended = nullptr;  ///< Of the root; null: not in the journal.

    bool closes = false;  ///< By its own word.

    bool is_exit() const {
      return is_leg ||
             (intended != nullptr ? intended->row.purpose == trading::Purpose::Exit : closes);
    }
  };

  /// Nothing for orders of others.
  std::optional<Ours> owner_of(const exchange::OrderRecord& order) const;

  /// An order event, as it happens.
  void on_update(const alpaca::TradeUpdate& update);

  /// What a bot holds by the exchange's fills alone.
  const std::map<Holder, core::Quantity>& positions() const { return positions_; }
  /// What of a bot's position is not in the account any more: somebody else has closed it.
  core::Quantity closed_by_others(const Holder& holder, core::InstrumentId instrument) const;
  core::Quantity filled_of(const core::ClientOrderId& root) const;
  core::Money spent() const { return spent_; }  ///< On fills of ours, fees not counted.
  const GuardBook& guards() const { return guards_; }
  std::uint64_t orders() const { return roots_.size(); }
  std::uint64_t fills() const { return fills_; }

  /// For each group the most that one exit at the exchange would still sell (or buy back); under
  /// the empty name what exits outside groups would, by bot and symbol.
  std::map<core::ClientOrderId, core::Quantity> covered_groups() const;
  std::map<Holder, core::Quantity> closing() const;

  /// Whether an order of somebody else is open that one of ours would meet: the exchange refuses
  /// ours then (a wash trade), and nobody here may cancel the other.
  bool is_foreign_in_the_way(const core::Symbol& symbol, trading::Side ours) const;

  /// Orders of ours that are open there.
  std::vector<const exchange::OrderRecord*> open_orders() const;

  /// What each has must be what the journal intended: checked of all orders, at the end.
  void check_intents() const;

 private:
  void take_order(const exchange::OrderRecord& order, const Ours& ours);
  core::ClientOrderId group_of(const Ours& ours) const;
  void check_exposure(const Holder& holder) const;

  exchange::Account& account_;
  const JournalBooks& journal_;
  Blame blame_;
  std::map<Holder, core::Quantity> positions_;
  std::map<core::ClientOrderId, core::Quantity> filled_;  ///< By root, legs not counted.
  std::set<core::ClientOrderId> roots_;
  std::set<std::string> executions_;
  GuardBook guards_;
  core::Money spent_;
  std::uint64_t fills_ = 0;
};

}  // namespace st0ck::app::faults
