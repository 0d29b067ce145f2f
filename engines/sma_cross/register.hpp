#pragma once

namespace st0ck::kernel {
class EngineRegistry;
}

namespace st0ck::engines {

/// Makes the engine `sma_cross` known.
void register_sma_cross(kernel::EngineRegistry& registry);

}  // namespace st0ck::engines
