#pragma once

#include "src/app/console/console.hpp"
#include "src/app/promotion/record.hpp"
#include "src/app/promotion/requirements.hpp"

#include <nlohmann/json_fwd.hpp>

namespace st0ck::app {

/// What is asked for and what was found, and the sessions that do not count.
void print(Console& console, const Judgement& judgement);
nlohmann::ordered_json json_of(const Judgement& judgement);

/// A record, for people.
void print(Console& console, const PromotionRecord& record);

}  // namespace st0ck::app
