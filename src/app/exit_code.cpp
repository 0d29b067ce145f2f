#include "src/app/exit_code.hpp"

namespace st0ck::app {

ExitCode exit_code_of(core::Errc code) {
  switch (code) {
    case core::Errc::Corrupt:
    case core::Errc::Diverged: return kExitDiverged;
    case core::Errc::Io:
    case core::Errc::NoSpace: return kExitInternal;
    case core::Errc::Interrupted: return kExitFine;
    case core::Errc::Broker: return kExitBroker;
    case core::Errc::BadInput:
    case core::Errc::OutOfRange:
    case core::Errc::NotFound:
    case core::Errc::AlreadyExists:
    case core::Errc::Unavailable:
    case core::Errc::Refused:
    case core::Errc::ReadOnly:
    case core::Errc::Locked:
    case core::Errc::TooNew:
    case core::Errc::Mismatch: return kExitInput;
  }
  return kExitInternal;
}

}  // namespace st0ck::app
