#pragma once

#include "src/app/faults/campaign.hpp"
#include "src/app/faults/shrink.hpp"
#include "st0ck/core/timestamp.hpp"

#include <string>

namespace st0ck::app::faults {

/// What a campaign came to, for people: a line of figures, a line of the faults that struck.
/// `took` is of the machine's time, for the schedules a minute.
std::string text_of(const CampaignFigures& figures, core::Duration took);

/// The same and the failures as one JSON object.
std::string json_of(const CampaignSettings& settings, const CampaignFigures& figures,
                    core::Duration took);

/// A failed day: which rule was broken, and how.
std::string text_of(const FailedDay& failed);

/// What is left of a schedule that was shrunk, and the command that plays it again. `scenario` is
/// the file that was given; empty for drawn faults.
std::string text_of(const Shrunk& shrunk, const std::string& scenario);

}  // namespace st0ck::app::faults
