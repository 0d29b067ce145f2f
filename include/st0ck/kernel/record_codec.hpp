#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/kernel/payload_buffer.hpp"
#include "st0ck/kernel/records.hpp"

#include <cstddef>
#include <span>

namespace st0ck::kernel {

/// Replace the buffer's content with a record's body: little-endian integers, optionals as a flag
/// byte and a value, text as a 32-bit length and its bytes (short identities: one byte), in the
/// order of the struct's members.
void encode(const RunStart& record, PayloadBuffer& out);
void encode(const market::Instrument& record, PayloadBuffer& out);
void encode(const market::Quote& record, PayloadBuffer& out);
void encode(const market::Trade& record, PayloadBuffer& out);
void encode(const market::Bar& record, PayloadBuffer& out);
void encode(const market::SessionPhase& record, PayloadBuffer& out);
void encode(const market::ProviderStatus& record, PayloadBuffer& out);
void encode(const trading::OrderUpdate& record, PayloadBuffer& out);
void encode(const TimerFired& record, PayloadBuffer& out);
void encode(const market::TradingStatus& record, PayloadBuffer& out);
void encode(const market::CorporateAction& record, PayloadBuffer& out);
void encode(const trading::OperatorCommand& record, PayloadBuffer& out);
void encode(const trading::Reconciliation& record, PayloadBuffer& out);
void encode(const AccountCheck& record, PayloadBuffer& out);
void encode(const ProcessStart& record, PayloadBuffer& out);
void encode(const trading::LostExit& record, PayloadBuffer& out);
void encode(const Decision& record, PayloadBuffer& out);
void encode(const OrderRow& record, PayloadBuffer& out);
void encode(const FillRow& record, PayloadBuffer& out);
void encode(const RoundTripRow& record, PayloadBuffer& out);
void encode(const PositionRow& record, PayloadBuffer& out);
void encode(const BotDayRow& record, PayloadBuffer& out);
void encode(const RiskEventRow& record, PayloadBuffer& out);
void encode(const LedgerEntryRow& record, PayloadBuffer& out);
void encode(const EquityMarkRow& record, PayloadBuffer& out);
void encode(const HaltRow& record, PayloadBuffer& out);
void encode(const DifferenceRow& record, PayloadBuffer& out);
void encode(const RunEnd& record, PayloadBuffer& out);

/// Decodes a body; an unknown kind, missing or superfluous bytes and values outside their range
/// are Errc::Corrupt.
core::Result<Record> decode(RecordKind kind, std::span<const std::byte> payload);

}  // namespace st0ck::kernel
