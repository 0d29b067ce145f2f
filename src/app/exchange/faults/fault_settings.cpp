#include "src/app/exchange/faults/fault_settings.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace st0ck::app::exchange {

namespace {

using core::Schema;

constexpr std::size_t kNameMax = 32;
constexpr std::string_view kLongest = "25s";  // Below the server's own deadline for an answer.

/// The words of `where`: places, and names for several of them.
enum class Where : std::uint8_t {
  Submit,
  Replace,
  Cancel,
  Orders,
  Account,
  Clock,
  Assets,
  Trading,
  Data,
  TradeUpdatesConnect,
  MarketDataConnect,
  TradeUpdates,
  MarketData,
  Rest,
  Connects,
  Streams,
};

struct Head {
  FaultKind kind = FaultKind::Lose;
};

/// What is read before it becomes a rule.
struct Place {
  std::vector<Where> where;
};

Schema<Head> head_schema() {
  Schema<Head> schema;
  schema.field("kind", &Head::kind)
      .help("What goes wrong.")
      .words({{"lose", FaultKind::Lose},
              {"delay", FaultKind::Delay},
              {"duplicate", FaultKind::Duplicate},
              {"truncate", FaultKind::Truncate},
              {"hang", FaultKind::Hang},
              {"lose_reply", FaultKind::LoseReply},
              {"delay_request", FaultKind::DelayRequest},
              {"status", FaultKind::Status},
              {"overtake", FaultKind::Overtake},
              {"close", FaultKind::Close},
              {"forget", FaultKind::Forget},
              {"reject", FaultKind::Reject},
              {"reject_later", FaultKind::RejectLater},
              {"halt", FaultKind::Halt},
              {"partial_fill", FaultKind::PartialFill},
              {"clock", FaultKind::Clock},
              {"restart", FaultKind::Restart}})
      .decides_keys();
  return schema;
}

void add_window_keys(Schema<FaultRule>& schema) {
  schema.field("from", &FaultRule::from)
      .help("New York time at which it begins, each day; always without.");
  schema.field("for", &FaultRule::lasts)
      .help("How long it goes on, by the exchange's clock; the rest of the day without.")
      .range("1s", "24h");
  schema.check([](const FaultRule& rule, core::SettingChecks& checks) {
    if (rule.lasts && !rule.from) checks.add("for", "a duration only beside from");
    if (rule.lasts && rule.from &&
        rule.from->since_midnight + *rule.lasts > core::Duration{std::chrono::hours{24}})
      checks.add("for", "an end before midnight");
  });
}

Schema<Place> place_schema() {
  Schema<Place> schema;
  schema.field("where", &Place::where)
      .help("Requests, streams, or groups of them: rest, connects, streams.")
      .words({{"submit", Where::Submit},
              {"replace", Where::Replace},
              {"cancel", Where::Cancel},
              {"orders", Where::Orders},
              {"account", Where::Account},
              {"clock", Where::Clock},
              {"assets", Where::Assets},
              {"trading", Where::Trading},
              {"data", Where::Data},
              {"trade_updates_connect", Where::TradeUpdatesConnect},
              {"market_data_connect", Where::MarketDataConnect},
              {"trade_updates", Where::TradeUpdates},
              {"market_data", Where::MarketData},
              {"rest", Where::Rest},
              {"connects", Where::Connects},
              {"streams", Where::Streams}})
      .items(1, 16);
  return schema;
}

void add_message_keys(Schema<FaultRule>& schema) {
  schema.field("share", &FaultRule::share)
      .help("How many of the messages it strikes, drawn by the seed.")
      .by_default("1")
      .range("0", "1");
  schema.field("skip", &FaultRule::skip)
      .help("Messages within its time that it leaves alone first.")
      .by_default("0")
      .range("0", "1000000000")
      .unit("messages");
  schema.field("count", &FaultRule::count)
      .help("How often it strikes altogether; 0 is without a limit.")
      .by_default("0")
      .range("0", "1000000000")
      .unit("faults");
}

void add_delay(Schema<FaultRule>& schema, std::string_view help) {
  schema.field("delay", &FaultRule::delay).help(help).by_default("1s").range("0s", kLongest);
}

void add_delay_keys(Schema<FaultRule>& schema) {
  add_delay(schema, "How long, in real time; on a stream what follows waits too.");
  schema.field("jitter", &FaultRule::jitter)
      .help("Up to so much more, drawn by the seed.")
      .by_default("0s")
      .range("0s", "4s");
}

void add_overtake_keys(Schema<FaultRule>& schema) {
  schema.field("places", &FaultRule::places)
      .help("How many later messages go first.")
      .by_default("1")
      .range("1", "1000")
      .unit("messages");
  add_delay(schema, "After so long in real time it goes anyhow.");
}

void add_duplicate_keys(Schema<FaultRule>& schema) {
  schema.field("copies", &FaultRule::copies)
      .help("How many more; a request is done so many times more, and the last answer counts.")
      .by_default("1")
      .range("1", "10");
}

void add_truncate_keys(Schema<FaultRule>& schema) {
  schema.field("bytes", &FaultRule::bytes)
      .help("What is left of the message.")
      .by_default("20")
      .range("0", "1000000")
      .unit("bytes");
}

void add_hang_keys(Schema<FaultRule>& schema) {
  schema.field("hangs_for", &FaultRule::hangs_for)
      .help("In real time: then the socket of a stream is cut.")
      .by_default("60s")
      .range("1s", "24h");
}

void add_status_keys(Schema<FaultRule>& schema) {
  schema.field("status", &FaultRule::status)
      .help("The HTTP status of the answer.")
      .by_default("503")
      .range("400", "599");
  schema.field("retry_after", &FaultRule::retry_after)
      .help("What the answer says in Retry-After; nothing without.")
      .range("1s", "1h");
  schema.field("acts", &FaultRule::acts)
      .help("Whether the exchange does what it was asked all the same, as behind a gateway.")
      .by_default("false");
}

void add_close_keys(Schema<FaultRule>& schema) {
  schema.field("code", &FaultRule::code)
      .help("Of the close frame; 0 cuts the socket without one.")
      .by_default("0")
      .rule([](std::int64_t code) { return code == 0 || (code >= 1000 && code <= 4999); },
            "0, or 1000 to 4999");
}

void add_forget_keys(Schema<FaultRule>& schema) {
  schema.field("says", &FaultRule::says)
      .help("Whether the client is told that it is not authenticated.")
      .by_default("false");
}

void add_reject_keys(Schema<FaultRule>& schema) {
  schema.field("reason", &FaultRule::reason)
      .help("Which refusal it is.")
      .words({{"buying_power", RejectReason::BuyingPower},
              {"quantity_held", RejectReason::QuantityHeld},
              {"wash_trade", RejectReason::WashTrade},
              {"not_allowed_to_short", RejectReason::NotAllowedToShort},
              {"not_shortable", RejectReason::NotShortable},
              {"day_trade", RejectReason::DayTrade},
              {"restricted", RejectReason::Restricted},
              {"suspended", RejectReason::Suspended},
              {"fractional", RejectReason::Fractional},
              {"duplicate_id", RejectReason::DuplicateId},
              {"market_closed", RejectReason::MarketClosed},
              {"halted", RejectReason::Halted},
              {"bad_increment", RejectReason::BadIncrement},
              {"not_tradable", RejectReason::NotTradable},
              {"position_intent", RejectReason::PositionIntent},
              {"not_cancelable", RejectReason::NotCancelable},
              {"not_replaceable", RejectReason::NotReplaceable},
              {"unchanged", RejectReason::Unchanged},
              {"not_found", RejectReason::NotFound},
              {"malformed", RejectReason::Malformed},
              {"unauthorized", RejectReason::Unauthorized},
              {"forbidden", RejectReason::Forbidden}})
      .by_default("buying_power");
}

void add_symbols(Schema<FaultRule>& schema) {
  schema.field("symbols", &FaultRule::symbols)
      .help("Of which; all where the list is empty.")
      .by_default(std::vector<std::string>{})
      .items(0, 100);
}

void add_halt_keys(Schema<FaultRule>& schema) {
  add_symbols(schema);
  schema.field("code", &FaultRule::halt_code)
      .help("The tape's code; LUDP is a pause by Limit Up-Limit Down.")
      .by_default("T1")
      .one_of({"T1", "T2", "T5", "T8", "T12", "LUDP", "MWC1"});
  schema.field("a_day", &FaultRule::halts_a_day)
      .help("Without from: how many halts each symbol has a day, at times drawn by the seed.")
      .by_default("1")
      .range("1", "20");
}

void add_pieces_keys(Schema<FaultRule>& schema) {
  add_symbols(schema);
  schema.field("shares", &FaultRule::shares)
      .help("The most that one execution has.")
      .by_default("1")
      .above("0")
      .at_most("1000000");
  schema.field("pause", &FaultRule::pause)
      .help("In real time, from one execution to the next.")
      .by_default("1s")
      .range("0s", "1h");
}

void add_clock_keys(Schema<FaultRule>& schema) {
  schema.field("offset", &FaultRule::offset)
      .help("How far the exchange's clock and the stamps of orders are ahead; negative is behind.")
      .range("-1h", "1h");
}

void add_restart_keys(Schema<FaultRule>& schema) {
  schema.field("down", &FaultRule::down)
      .help("How long nobody can connect, in real time.")
      .by_default("10s")
      .range("0s", "1h");
}

void append(std::vector<FaultPoint>& points, FaultPoint first, FaultPoint last) {
  for (auto point = static_cast<int>(first); point <= static_cast<int>(last); ++point)
    points.push_back(static_cast<FaultPoint>(point));
}

std::vector<FaultPoint> points_of(Where where) {
  std::vector<FaultPoint> points;
  if (where == Where::Rest)
    append(points, FaultPoint::Submit, FaultPoint::Data);
  else if (where == Where::Connects)
    append(points, FaultPoint::TradeUpdatesConnect, FaultPoint::MarketDataConnect);
  else if (where == Where::Streams)
    append(points, FaultPoint::TradeUpdates, FaultPoint::MarketData);
  else
    points.push_back(static_cast<FaultPoint>(where));
  return points;
}

/// What is refused later is the order and no longer its request.
FaultPoint after_its_answer(FaultPoint point) {
  switch (point) {
    case FaultPoint::Submit: return FaultPoint::EnteredOrder;
    case FaultPoint::Replace: return FaultPoint::ReplacedOrder;
    case FaultPoint::Cancel: return FaultPoint::CancelledOrder;
    default: return point;
  }
}

std::string places_of(FaultKind kind) {
  std::string places;
  for (auto point = static_cast<int>(FaultPoint::Submit);
       point <= static_cast<int>(FaultPoint::MarketData); ++point) {
    FaultPoint place = static_cast<FaultPoint>(point);
    if (kind == FaultKind::RejectLater) place = after_its_answer(place);
    if (!can_happen(kind, place)) continue;
    places += places.empty() ? "" : ", ";
    places += name_of(place);
  }
  return places;
}

void take_place(const Place& place, core::SettingsSection& section, FaultRule& rule) {
  for (const Where where : place.where)
    for (FaultPoint point : points_of(where)) {
      if (rule.kind == FaultKind::RejectLater) point = after_its_answer(point);
      if (!rule.is_of(point)) rule.where.push_back(point);
    }
  const bool fits = std::ranges::all_of(
      rule.where, [&](FaultPoint point) { return can_happen(rule.kind, point); });
  if (!fits && !section.has_problem("where"))
    section.problem("where", "of this kind: " + places_of(rule.kind));
}

using AddKeys = void (*)(Schema<FaultRule>&);

/// What keys a kind has besides those of its time and place.
struct KindKeys {
  std::vector<FaultKind> kinds;
  AddKeys add;
};

const std::array<KindKeys, 13>& all_kind_keys() {
  static const std::array<KindKeys, 13> all{{
      {{FaultKind::Delay, FaultKind::DelayRequest}, add_delay_keys},
      {{FaultKind::Overtake}, add_overtake_keys},
      {{FaultKind::Duplicate}, add_duplicate_keys},
      {{FaultKind::Truncate}, add_truncate_keys},
      {{FaultKind::Hang}, add_hang_keys},
      {{FaultKind::Status}, add_status_keys},
      {{FaultKind::Close}, add_close_keys},
      {{FaultKind::Forget}, add_forget_keys},
      {{FaultKind::Reject}, add_reject_keys},
      {{FaultKind::Halt}, add_halt_keys},
      {{FaultKind::PartialFill}, add_pieces_keys},
      {{FaultKind::Clock}, add_clock_keys},
      {{FaultKind::Restart}, add_restart_keys},
  }};
  return all;
}

/// `kind is delay or delay_request`.
std::string condition_of(const std::vector<FaultKind>& kinds) {
  std::string text = "kind is ";
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (i > 0) text += " or ";
    text += name_of(kinds[i]);
  }
  return text;
}

/// Keys that other kinds have, so that a message can say whose they are.
void mention_others(core::SettingsSection& section, FaultKind kind) {
  for (const KindKeys& keys : all_kind_keys()) {
    if (std::ranges::find(keys.kinds, kind) != keys.kinds.end()) continue;
    Schema<FaultRule> other;
    keys.add(other);
    section.mention(other, condition_of(keys.kinds));
  }
  if (is_of_messages(kind)) return;
  Schema<FaultRule> message;
  add_message_keys(message);
  section.mention(message, "the fault is one of messages");
  section.mention(place_schema(), "the fault is one of messages");
}

FaultRule read_rule(const std::string& name, core::SettingsSection& section) {
  const FaultKind kind = section.read(head_schema()).kind;
  Schema<FaultRule> schema;
  add_window_keys(schema);
  if (is_of_messages(kind)) add_message_keys(schema);
  for (const KindKeys& keys : all_kind_keys())
    if (std::ranges::find(keys.kinds, kind) != keys.kinds.end()) keys.add(schema);
  mention_others(section, kind);
  FaultRule rule = section.read(schema);
  rule.name = name;
  rule.kind = kind;
  rule.symbols_place = section.place("symbols");
  Place place;
  if (is_of_messages(kind)) place = section.read(place_schema());
  if (section.is_undecided()) return rule;
  take_place(place, section, rule);
  if (kind == FaultKind::Restart && !rule.from && !section.has_problem("from"))
    section.problem("from", "the time of a restart, like 09:40");
  return rule;
}

}  // namespace

std::vector<FaultRule> read_faults(core::SettingsSection& scenario) {
  std::vector<FaultRule> rules;
  auto sections =
      scenario.sections("faults", kNameMax, "What goes wrong, each by a name of yours.");
  for (auto& [name, section] : sections) rules.push_back(read_rule(name, section));
  if (rules.size() > kFaultRulesMax)
    scenario.problem("faults", "at most " + std::to_string(kFaultRulesMax) + " of them");
  return rules;
}

}  // namespace st0ck::app::exchange
