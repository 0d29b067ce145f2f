#include "src/app/commands/promotion_view.hpp"

#include "src/app/console/table.hpp"
#include "st0ck/core/time_text.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace st0ck::app {

namespace {

using Json = nlohmann::ordered_json;

std::string sessions_text(const PromotionRecord& record) {
  if (record.sessions.empty()) return "none";
  return fmt::format("{}, {} to {}, on {}, account {}", record.sessions.size(),
                     core::format_date(record.sessions.front()),
                     core::format_date(record.sessions.back()), record.evidence_host,
                     record.evidence_account);
}

}  // namespace

void print(Console& console, const Judgement& judgement) {
  Table table{{{"requirement"}, {"needed"}, {"found"}, {"verdict"}}};
  for (const Requirement& requirement : judgement.requirements)
    table.add({requirement.what, requirement.needed, requirement.found,
               Cell{requirement.is_met ? "met" : "missing",
                    requirement.is_met ? Tone::Good : Tone::Bad}});
  table.print(console);
  if (judgement.left_out.empty()) return;
  console.print("\nsessions that do not count\n");
  for (const SessionLeftOut& session : judgement.left_out)
    console.print("  {}  {}\n", core::format_date(session.date), session.why);
}

Json json_of(const Judgement& judgement) {
  Json json;
  json["is_met"] = judgement.is_met();
  json["requirements"] = Json::array();
  for (const Requirement& requirement : judgement.requirements)
    json["requirements"].push_back({{"what", requirement.what},
                                    {"needed", requirement.needed},
                                    {"found", requirement.found},
                                    {"is_met", requirement.is_met}});
  json["sessions"] = Json::array();
  for (const core::Date date : judgement.counted)
    json["sessions"].push_back(core::format_date(date));
  json["left_out"] = Json::array();
  for (const SessionLeftOut& session : judgement.left_out)
    json["left_out"].push_back(
        {{"session", core::format_date(session.date)}, {"why", session.why}});
  return json;
}

void print(Console& console, const PromotionRecord& record) {
  console.print("lets trade     {}, account {}\n", record.host, record.account);
  console.print("bots           {}\n", text_of(record.bots));
  console.print("configuration  {}\n", record.configuration);
  console.print("sessions       {}\n", sessions_text(record));
  if (!record.override_reason.empty()) {
    console.print("override       {}\n", toned(console, Tone::Bad, record.override_reason));
    for (const std::string& missing : record.missing) console.print("  missing      {}\n", missing);
  }
  console.print("made           {} by st0ck {}\n", core::format_new_york(record.made),
                record.program);
  console.print("holds until    {}\n", core::format_new_york(record.valid_until));
}

}  // namespace st0ck::app
