#include "src/app/exchange/order_desk.hpp"

#include <algorithm>
#include <utility>

// Orders that a scenario fills in pieces: the engine has filled them, and clients are told of one
// execution after the other. What was not told yet is not done: a cancel in between takes it away.

namespace st0ck::app::exchange {

void OrderDesk::fill_by_rule(OrderRecord& order, const trading::OrderUpdate& fill) {
  const auto pieces = parts_.faults.pieces_of(parts_.instruments[order.instrument].symbol);
  if (!pieces && !has_pieces(order))
    return take_fill(order, fill.quantity, fill.price, fill.fee, fill.time);
  const core::Quantity most = pieces ? pieces->shares : fill.quantity;
  const core::Duration pause = pieces ? pieces->pause : core::Duration{};
  const bool is_first = !has_pieces(order);
  core::Duration due = parts_.scheduler.elapsed();
  for (const Piece& piece : pieces_)
    if (piece.number == order.number) due = std::max(due, piece.due + pause);
  core::Quantity left = fill.quantity;
  core::Money fee = fill.fee;
  if (is_first && left <= most)
    return take_fill(order, fill.quantity, fill.price, fill.fee, fill.time);
  // The fee is that of the first of them.
  if (is_first) {
    left -= most;
    take_fill(order, most, fill.price, std::exchange(fee, core::Money{}), fill.time);
    due += pause;
  }
  while (left.is_positive() && order.is_open()) {
    const core::Quantity quantity = std::min(left, most);
    const Piece piece{order.number, quantity, fill.price, std::exchange(fee, core::Money{}), due};
    pieces_.insert(std::ranges::upper_bound(pieces_, due, {}, &Piece::due), piece);
    left -= quantity;
    due += pause;
  }
  wait_for_piece();
}

bool OrderDesk::has_pieces(const OrderRecord& order) const {
  return std::ranges::find(pieces_, order.number, &Piece::number) != pieces_.end();
}

void OrderDesk::wait_for_piece() {
  parts_.scheduler.cancel(std::exchange(piece_task_, {}));
  if (pieces_.empty()) return;
  const core::Duration wait = pieces_.front().due - parts_.scheduler.elapsed();
  piece_task_ = parts_.scheduler.call_after(wait, [this] {
    while (!pieces_.empty() && pieces_.front().due <= parts_.scheduler.elapsed()) fill_next_piece();
    drain();
    wait_for_piece();
  });
}

void OrderDesk::fill_next_piece() {
  const Piece piece = pieces_.front();
  pieces_.pop_front();
  const auto found = open_.find(piece.number);
  if (found == open_.end()) return;
  take_fill(*found->second, piece.quantity, piece.price, piece.fee, parts_.clock.now());
}

void OrderDesk::fill_pieces_of(OrderRecord& order) {
  std::deque<Piece> its;
  std::erase_if(pieces_, [&](const Piece& piece) {
    if (piece.number == order.number) its.push_back(piece);
    return piece.number == order.number;
  });
  for (const Piece& piece : its)
    if (order.is_open())
      take_fill(order, piece.quantity, piece.price, piece.fee, parts_.clock.now());
}

}  // namespace st0ck::app::exchange
