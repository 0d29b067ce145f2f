#include "st0ck/trading/operator_command.hpp"

namespace st0ck::trading {

std::string_view name_of(OperatorCommandKind kind) {
  switch (kind) {
    case OperatorCommandKind::Halt: return "halt";
    case OperatorCommandKind::Resume: return "resume";
    case OperatorCommandKind::Flatten: return "flatten";
    case OperatorCommandKind::Close: return "close";
    case OperatorCommandKind::Cancel: return "cancel";
  }
  return "unknown";
}

}  // namespace st0ck::trading
