#include "src/app/promotion/record.hpp"

#include "st0ck/core/hash.hpp"
#include "st0ck/core/time_text.hpp"
#include "st0ck/core/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "st0ck-promotion-1";

Json json_of(const PromotionRecord& record) {
  Json json;
  json["format"] = kFormat;
  json["made"] = core::format_utc(record.made);
  json["valid_until"] = core::format_utc(record.valid_until);
  json["account"] = record.account.str();
  json["key"] = record.key;
  json["host"] = record.host;
  json["configuration"] = record.configuration;
  json["bots"] = Json::array();
  for (const kernel::BotIdentity& bot : record.bots)
    json["bots"].push_back({{"bot", bot.bot.str()},
                            {"engine", bot.engine.str()},
                            {"decision_version", bot.decision_version}});
  json["program"] = record.program;
  json["evidence_host"] = record.evidence_host;
  json["evidence_account"] = record.evidence_account;
  json["sessions"] = Json::array();
  for (const core::Date date : record.sessions) json["sessions"].push_back(core::format_date(date));
  json["override_reason"] = record.override_reason;
  json["missing"] = record.missing;
  return json;
}

/// Texts that came from elsewhere may hold anything; what a file says is well-formed.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Takes the members of an object; the first that is not what it should be is kept.
class Members {
 public:
  explicit Members(const Json& json) : json_{json} {}

  const core::Status& status() const { return status_; }

  void take(std::string_view key, std::string& text) {
    if (const Json* value = find(key, &Json::is_string, "a text")) text = value->get<std::string>();
  }
  template <typename Tag, std::size_t Capacity>
  void take(std::string_view key, core::FixedText<Tag, Capacity>& name) {
    std::string text;
    take(key, text);
    if (core::FixedText<Tag, Capacity>::fits(text))
      name = core::FixedText<Tag, Capacity>{text};
    else
      refuse(key, fmt::format("a text of at most {} characters", Capacity));
  }
  void take(std::string_view key, core::Timestamp& time) {
    std::string text;
    take(key, text);
    if (const auto parsed = core::parse_timestamp(text))
      time = *parsed;
    else
      refuse(key, "a time in UTC");
  }
  void take(std::string_view key, std::uint32_t& number) {
    const Json* value = find(key, &Json::is_number_unsigned, "a whole number");
    if (value != nullptr && value->get<std::uint64_t>() <= UINT32_MAX)
      number = value->get<std::uint32_t>();
    else
      refuse(key, "a whole number");
  }
  void take(std::string_view key, std::vector<std::string>& texts) {
    for (const Json& item : list(key)) {
      if (!item.is_string()) return refuse(key, "a list of texts");
      texts.push_back(item.get<std::string>());
    }
  }
  void take(std::string_view key, std::vector<core::Date>& dates) {
    for (const Json& item : list(key)) {
      const auto date = core::parse_date(item.is_string() ? item.get<std::string>() : "");
      if (!date) return refuse(key, "a list of dates");
      dates.push_back(*date);
    }
  }
  void take(std::string_view key, std::vector<kernel::BotIdentity>& bots) {
    for (const Json& item : list(key)) {
      Members members{item};
      kernel::BotIdentity& bot = bots.emplace_back();
      members.take("bot", bot.bot);
      members.take("engine", bot.engine);
      members.take("decision_version", bot.decision_version);
      if (!members.status()) return refuse(key, "a list of bots");
    }
  }

 private:
  const Json* find(std::string_view key, bool (Json::*is_right)() const noexcept,
                   std::string_view allowed) {
    if (json_.is_object())
      if (const auto found = json_.find(key); found != json_.end())
        if ((*found.*is_right)()) return &*found;
    refuse(key, allowed);
    return nullptr;
  }
  Json list(std::string_view key) {
    const Json* value = find(key, &Json::is_array, "a list");
    return value == nullptr ? Json::array() : *value;
  }
  void refuse(std::string_view key, std::string_view allowed) {
    if (status_) status_ = core::fail(core::Errc::BadInput, "{}: allowed is {}", key, allowed);
  }

  const Json& json_;
  core::Status status_;
};

/// Whether there is a letter that can be seen; blanks of other alphabets are none.
bool says_something(std::string_view text) {
  constexpr std::string_view kSpaces[] = {
      " ", "\t", "\n", "\r", "\u00a0", "\u200b", "\u200c", "\u200d", "\u2060", "\u3000", "\ufeff"};
  while (!text.empty()) {
    const auto space = std::ranges::find_if(
        kSpaces, [&](std::string_view blank) { return text.starts_with(blank); });
    if (space == std::end(kSpaces)) return true;
    text.remove_prefix(space->size());
  }
  return false;
}

}  // namespace

std::string key_mark(std::string_view key_id) { return core::sha256_hex(key_id).substr(0, 16); }

std::string seal_of(const PromotionRecord& record, std::string_view secret) {
  return core::hmac_sha256_hex(secret, text_of(json_of(record)));
}

std::string promotion_text(const SealedPromotion& sealed) {
  Json json = json_of(sealed.record);
  json["seal"] = sealed.seal;
  return text_of(json);
}

core::Result<SealedPromotion> parse_promotion(std::string_view text) {
  if (text.size() > kPromotionFileMax)
    return core::fail(core::Errc::BadInput, "more than {} bytes", kPromotionFileMax);
  const Json json = Json::parse(text, nullptr, false);
  Members members{json};
  std::string format;
  members.take("format", format);
  if (members.status() && format != kFormat)
    return core::fail(core::Errc::BadInput, "format: found '{}', allowed is {}", format, kFormat);
  SealedPromotion sealed;
  PromotionRecord& record = sealed.record;
  members.take("made", record.made);
  members.take("valid_until", record.valid_until);
  members.take("account", record.account);
  members.take("key", record.key);
  members.take("host", record.host);
  members.take("configuration", record.configuration);
  members.take("bots", record.bots);
  members.take("program", record.program);
  members.take("evidence_host", record.evidence_host);
  members.take("evidence_account", record.evidence_account);
  members.take("sessions", record.sessions);
  members.take("override_reason", record.override_reason);
  members.take("missing", record.missing);
  members.take("seal", sealed.seal);
  if (!members.status()) return tl::unexpected(members.status().error());
  // What else is in the file, blanks included, is under no seal.
  if (promotion_text(sealed) != text)
    return core::fail(core::Errc::BadInput, "something is in it that st0ck did not write");
  return sealed;
}

core::Status check_reason(std::string_view reason) {
  const bool is_blank = !says_something(reason);
  if (is_blank || reason.size() > kPromotionReasonMax)
    return core::fail(core::Errc::BadInput, "found {}, allowed is why, in 1 to {} bytes",
                      is_blank ? std::string{"nothing"} : fmt::format("{} bytes", reason.size()),
                      kPromotionReasonMax);
  for (std::string_view rest = reason; !rest.empty();) {
    const std::size_t size = core::utf8_character_size(rest);
    const auto first = static_cast<unsigned char>(rest.front());
    if (size == 0 || first < 0x20 || first == 0x7F)
      return core::fail(core::Errc::BadInput, "letters that cannot be printed");
    rest.remove_prefix(size);
  }
  return {};
}

}  // namespace st0ck::app
