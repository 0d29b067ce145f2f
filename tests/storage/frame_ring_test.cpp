#include "st0ck/storage/frame_ring.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstddef>
#include <deque>
#include <thread>
#include <vector>

namespace st0ck::storage {
namespace {

using Payload = std::vector<std::byte>;

Payload payload_of(std::size_t size, std::uint64_t sequence) {
  Payload payload(size);
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<std::byte>(sequence * 31 + i);
  return payload;
}

Frame frame_of(const Payload& payload, std::uint64_t sequence) {
  return {kernel::RecordKind::Fill, core::Sequence{sequence},
          core::timestamp_from_ns(static_cast<std::int64_t>(sequence)), payload};
}

Payload bytes_of(const Frame& frame) { return {frame.payload.begin(), frame.payload.end()}; }

TEST(FrameRing, GivesBackWhatWasPushed) {
  FrameRing ring{1024};
  const Payload payload = payload_of(13, 5);

  ASSERT_TRUE(ring.push(frame_of(payload, 5)));
  const auto frame = ring.read();

  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->kind, kernel::RecordKind::Fill);
  EXPECT_EQ(frame->sequence, core::Sequence{5});
  EXPECT_EQ(frame->time, core::timestamp_from_ns(5));
  EXPECT_EQ(bytes_of(*frame), payload);
  EXPECT_FALSE(ring.read());
}

TEST(FrameRing, KeepsTheRoomOfReadFramesUntilTheyAreReleased) {
  FrameRing ring{256};
  const Payload payload = payload_of(40, 1);
  std::uint64_t pushed = 0;
  while (ring.push(frame_of(payload, pushed + 1))) ++pushed;
  while (ring.read()) {
  }

  EXPECT_EQ(pushed, 4u);
  EXPECT_FALSE(ring.push(frame_of(payload, 9)));
  ring.release();
  EXPECT_EQ(ring.size(), 0u);
  EXPECT_TRUE(ring.push(frame_of(payload, 9)));
}

TEST(FrameRing, ReadsAgainAfterRewind) {
  FrameRing ring{1024};
  const Payload payload = payload_of(8, 1);
  for (std::uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(ring.push(frame_of(payload, i)));
  ASSERT_EQ(ring.read()->sequence, core::Sequence{1});
  ring.release();
  ASSERT_EQ(ring.read()->sequence, core::Sequence{2});

  ring.rewind();

  EXPECT_EQ(ring.read()->sequence, core::Sequence{2});
  EXPECT_EQ(ring.read()->sequence, core::Sequence{3});
  EXPECT_FALSE(ring.read());
}

TEST(FrameRing, RefusesAFrameOfMoreThanHalfItsSize) {
  FrameRing ring{256};
  const Payload payload = payload_of(105, 1);

  EXPECT_FALSE(ring.can_hold(payload.size()));
  EXPECT_FALSE(ring.push(frame_of(payload, 1)));
  EXPECT_TRUE(ring.can_hold(104));
}

// A std::deque with the same bound is the oracle.
TEST(FrameRingProperty, IsAQueueThatCanBeReadAgain) {
  EXPECT_TRUE(rc::check([] {
    FrameRing ring{*rc::gen::inRange<std::size_t>(256, 1024)};
    std::deque<Payload> expected;
    std::size_t read = 0;
    std::uint64_t pushed = 0;
    for (const int action : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10))) {
      if (action < 5) {
        Payload payload = payload_of(*rc::gen::inRange<std::size_t>(0, 104), pushed + 1);
        const bool fits = ring.push(frame_of(payload, pushed + 1));
        // In an empty ring there is room for every frame that it can hold.
        RC_ASSERT(fits || !expected.empty());
        if (!fits) continue;
        ++pushed;
        expected.push_back(std::move(payload));
      } else if (action < 8) {
        const auto frame = ring.read();
        RC_ASSERT(frame.has_value() == (read < expected.size()));
        if (frame) RC_ASSERT(bytes_of(*frame) == expected[read++]);
      } else if (action == 8) {
        ring.release();
        expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(read));
        read = 0;
      } else {
        ring.rewind();
        read = 0;
      }
      RC_ASSERT((ring.size() == 0) == expected.empty());
    }
  }));
}

TEST(FrameRing, PassesFramesBetweenTwoThreads) {
  constexpr std::uint64_t kFrames = 20'000;
  FrameRing ring{512};
  std::thread producer([&] {
    for (std::uint64_t i = 1; i <= kFrames; ++i) {
      const Payload payload = payload_of(i % 100, i);
      while (!ring.push(frame_of(payload, i))) std::this_thread::yield();
    }
  });

  std::uint64_t wrong = 0;
  for (std::uint64_t i = 1; i <= kFrames;) {
    const auto frame = ring.read();
    if (!frame) {
      std::this_thread::yield();
      continue;
    }
    if (frame->sequence != core::Sequence{i} || bytes_of(*frame) != payload_of(i % 100, i)) ++wrong;
    ring.release();
    ++i;
  }
  producer.join();

  EXPECT_EQ(wrong, 0u);
}

}  // namespace
}  // namespace st0ck::storage
