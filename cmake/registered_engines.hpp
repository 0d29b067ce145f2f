#pragma once

namespace st0ck::kernel {
class EngineRegistry;
}

namespace st0ck {

/// Registers every engine that has a folder under `engines/`.
///
/// CMake writes the definition from the folders it finds, so a new engine needs no line elsewhere.
void register_engines(kernel::EngineRegistry& registry);

}  // namespace st0ck
