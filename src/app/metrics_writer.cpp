#include "src/app/metrics_writer.hpp"

#include "src/app/run_summary.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace st0ck::app {

using Json = nlohmann::ordered_json;

MetricsWriter::MetricsWriter(MetricsWriterSettings settings)
    : settings_{std::move(settings)}, thread_{[this] { run(); }} {}

MetricsWriter::~MetricsWriter() {
  finish();
  // What was offered after the end is written by nobody.
  const std::unique_ptr<Json> left{next_.exchange(nullptr)};
}

void MetricsWriter::offer(Json metrics) {
  const std::unique_ptr<Json> older{
      next_.exchange(new Json(std::move(metrics)), std::memory_order_acq_rel)};
  offers_.fetch_add(1, std::memory_order_release);
  offers_.notify_one();
}

void MetricsWriter::finish() {
  if (!thread_.joinable()) return;
  is_ending_.store(true, std::memory_order_release);
  offers_.fetch_add(1, std::memory_order_release);
  offers_.notify_one();
  thread_.join();
}

core::Status MetricsWriter::status() const {
  return has_failed_.load(std::memory_order_acquire) ? failure_ : core::Status{};
}

std::optional<std::uint64_t> MetricsWriter::high_memory() const {
  const std::uint64_t bytes = high_memory_.load(std::memory_order_relaxed);
  return bytes == 0 ? std::nullopt : std::optional{bytes};
}

core::Duration MetricsWriter::take_longest_write() {
  return core::Duration{longest_write_.exchange(0, std::memory_order_relaxed)};
}

void MetricsWriter::run() {
  std::uint32_t seen = 0;
  while (true) {
    offers_.wait(seen, std::memory_order_acquire);
    seen = offers_.load(std::memory_order_acquire);
    // Looked at first: what was offered before the end is there then.
    const bool is_last = is_ending_.load(std::memory_order_acquire);
    write_next();
    if (is_last) return;
  }
}

void MetricsWriter::write_next() {
  const std::unique_ptr<Json> metrics{next_.exchange(nullptr, std::memory_order_acq_rel)};
  if (metrics == nullptr) return;
  const auto begin = std::chrono::steady_clock::now();
  add_memory(*metrics);
  auto written = write_file(settings_.path, metrics->dump(2) + "\n");
  const core::Duration took = std::chrono::steady_clock::now() - begin;
  if (took.count() > longest_write_.load(std::memory_order_relaxed))
    longest_write_.store(took.count(), std::memory_order_relaxed);
  if (written || has_failed_.load(std::memory_order_relaxed)) return;
  failure_ = std::move(written);
  has_failed_.store(true, std::memory_order_release);
}

void MetricsWriter::add_memory(Json& metrics) {
  Json& memory = metrics["memory"];
  const auto resident = settings_.resident_bytes();
  memory["resident_bytes"] = resident ? Json(*resident) : Json(nullptr);
  if (!resident) memory["reason"] = "the system does not tell";
  memory["warn_at_bytes"] = settings_.memory_warn_bytes;
  if (resident.value_or(0) >= settings_.memory_warn_bytes && !high_memory())
    high_memory_.store(*resident, std::memory_order_relaxed);
}

}  // namespace st0ck::app
