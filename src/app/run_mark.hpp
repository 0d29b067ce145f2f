#pragma once

#include "st0ck/core/ids.hpp"

#include <cstdint>

namespace st0ck::app {

/// The mark that `random` draws: four letters `a-z`, 456,976 of them, each as likely as any other
/// but for less than a millionth.
core::RunMark draw_run_mark(std::uint32_t random);

}  // namespace st0ck::app
