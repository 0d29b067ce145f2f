#include "st0ck/core/result.hpp"

namespace st0ck::core {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::BadInput: return "BadInput";
    case Errc::OutOfRange: return "OutOfRange";
    case Errc::NotFound: return "NotFound";
    case Errc::AlreadyExists: return "AlreadyExists";
    case Errc::Unavailable: return "Unavailable";
    case Errc::Refused: return "Refused";
    case Errc::Io: return "Io";
    case Errc::NoSpace: return "NoSpace";
    case Errc::ReadOnly: return "ReadOnly";
    case Errc::Locked: return "Locked";
    case Errc::Corrupt: return "Corrupt";
    case Errc::TooNew: return "TooNew";
    case Errc::Diverged: return "Diverged";
    case Errc::Mismatch: return "Mismatch";
    case Errc::Interrupted: return "Interrupted";
    case Errc::Broker: return "Broker";
  }
  return "Unknown";
}

}  // namespace st0ck::core
