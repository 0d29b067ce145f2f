#include "src/app/operator_command_file.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <optional>

namespace st0ck::app {

namespace {

using trading::OperatorCommand;
using trading::OperatorCommandKind;

constexpr std::array kKinds{OperatorCommandKind::Halt, OperatorCommandKind::Resume,
                            OperatorCommandKind::Flatten, OperatorCommandKind::Close,
                            OperatorCommandKind::Cancel};
constexpr std::array<std::string_view, 6> kKeys{"id",     "command", "bot",
                                                "symbol", "order",   "reason"};
constexpr std::size_t kReasonMax = 500;
constexpr std::size_t kIdMax = 64;

std::optional<OperatorCommandKind> kind_of(std::string_view name) {
  for (const OperatorCommandKind kind : kKinds)
    if (name_of(kind) == name) return kind;
  return std::nullopt;
}

bool is_printable(std::string_view text) {
  for (const char letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) return false;
  return true;
}

/// The fields of the object, all of them texts.
core::Result<std::array<std::string, kKeys.size()>> fields_of(std::string_view text) {
  if (text.size() > kCommandFileMax)
    return core::fail(core::Errc::BadInput, "{} bytes, allowed are {}", text.size(),
                      kCommandFileMax);
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return core::fail(core::Errc::BadInput, "no JSON object");
  std::array<std::string, kKeys.size()> fields;
  for (const auto& [key, value] : json.items()) {
    std::size_t place = 0;
    while (place < kKeys.size() && kKeys[place] != key) ++place;
    if (place == kKeys.size())
      return core::fail(core::Errc::BadInput, "a key that is none of {}", fmt::join(kKeys, ", "));
    if (!value.is_string()) return core::fail(core::Errc::BadInput, "{}: not a text", key);
    fields[place] = value.get<std::string>();
    if (!is_printable(fields[place]))
      return core::fail(core::Errc::BadInput, "{}: letters that cannot be printed", key);
  }
  return fields;
}

/// What each command must and may name.
core::Status check(const OperatorCommand& command) {
  const auto missing = [&](std::string_view what) {
    return core::fail(core::Errc::BadInput, "{}: a {} is missing", name_of(command.kind), what);
  };
  const bool is_of_order = command.kind == OperatorCommandKind::Cancel;
  const bool is_of_symbol = command.kind == OperatorCommandKind::Close;
  if (command.id.empty()) return missing("id");
  if (is_of_order && command.order.empty()) return missing("order");
  if (is_of_symbol && command.symbol.empty()) return missing("symbol");
  if (!is_of_order && !is_of_symbol && command.reason.empty()) return missing("reason");
  if ((!is_of_order && !command.order.empty()) || (!is_of_symbol && !command.symbol.empty()))
    return core::fail(core::Errc::BadInput, "{}: an order or symbol that it does not take",
                      name_of(command.kind));
  return {};
}

}  // namespace

std::string command_text(const OperatorCommand& command) {
  nlohmann::ordered_json json;
  json["id"] = command.id;
  json["command"] = std::string{name_of(command.kind)};
  if (!command.bot.empty()) json["bot"] = command.bot.str();
  if (!command.symbol.empty()) json["symbol"] = command.symbol.str();
  if (!command.order.empty()) json["order"] = command.order.str();
  if (!command.reason.empty()) json["reason"] = command.reason;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

core::Result<OperatorCommand> parse_command(std::string_view text) {
  const auto fields = fields_of(text);
  if (!fields) return tl::unexpected(fields.error());
  const auto& [id, kind, bot, symbol, order, reason] = *fields;
  OperatorCommand command;
  const auto known = kind_of(kind);
  if (!known)
    return core::fail(core::Errc::BadInput,
                      "command: found '{}', allowed are halt, resume, "
                      "flatten, close, cancel",
                      kind);
  command.kind = *known;
  if (id.size() > kIdMax || reason.size() > kReasonMax)
    return core::fail(core::Errc::BadInput, "id or reason: longer than {} and {} letters", kIdMax,
                      kReasonMax);
  if (!bot.empty())
    if (const auto checked = core::check_name("bot", bot, core::BotId::kCapacity); !checked)
      return tl::unexpected(checked.error());
  if (!core::ClientOrderId::fits(order))
    return core::fail(core::Errc::BadInput, "order: '{}' cannot be a client order id", order);
  if (!symbol.empty()) {
    const auto parsed = core::parse_symbol(symbol);
    if (!parsed) return tl::unexpected(parsed.error());
    command.symbol = *parsed;
  }
  command.id = id;
  command.bot = core::BotId{bot};
  command.order = core::ClientOrderId{order};
  command.reason = reason;
  if (const auto checked = check(command); !checked) return tl::unexpected(checked.error());
  return command;
}

}  // namespace st0ck::app
