#pragma once

namespace st0ck::kernel {
class EngineRegistry;
}

namespace st0ck::engines {

/// Makes the engine `st0cka` known.
void register_st0cka(kernel::EngineRegistry& registry);

}  // namespace st0ck::engines
