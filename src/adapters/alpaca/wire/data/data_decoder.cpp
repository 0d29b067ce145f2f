#include "st0ck/adapters/alpaca/wire/data/data_decoder.hpp"

#include "dispatch.hpp"
#include "json_frame.hpp"
#include "src/adapters/alpaca/wire/codec/document.hpp"

namespace st0ck::alpaca {

struct DataDecoder::Parts {
  Parts(const SymbolLookup& symbols, DataListener& listener, DataDecoderSettings wanted)
      : settings{wanted},
        dispatch{symbols, listener},
        msgpack{{.bytes_max = wanted.frame_bytes_max, .nodes_max = wanted.frame_bytes_max}} {}

  DataDecoderSettings settings;
  Dispatch dispatch;
  JsonFrameReader json;
  Document msgpack;
  Fields fields;
  Channels channels;
};

DataDecoder::DataDecoder(const SymbolLookup& symbols, DataListener& listener,
                         DataDecoderSettings settings)
    : parts_{std::make_unique<Parts>(symbols, listener, settings)} {}
DataDecoder::~DataDecoder() = default;

FrameResult DataDecoder::decode_json(std::string_view frame) {
  DataCounters& counters = parts_->dispatch.counters();
  ++counters.frames;
  if (frame.size() > parts_->settings.frame_bytes_max) {
    ++counters.frames_broken;
    return FrameResult::TooLarge;
  }
  if (parts_->json.read(frame, parts_->dispatch)) return FrameResult::Ok;
  ++counters.frames_broken;
  return FrameResult::Broken;
}

FrameResult DataDecoder::decode_msgpack(std::string_view frame) {
  DataCounters& counters = parts_->dispatch.counters();
  ++counters.frames;
  if (frame.size() > parts_->settings.frame_bytes_max) {
    ++counters.frames_broken;
    return FrameResult::TooLarge;
  }
  const auto read = parts_->msgpack.read_msgpack(frame);
  if (!read || !read->is_array()) {
    ++counters.frames_broken;
    return FrameResult::Broken;
  }
  for (const Value element : *read) {
    if (!element.is_object()) {
      parts_->dispatch.not_an_object();
      continue;
    }
    fill(parts_->fields, element);
    const bool is_sound = fill(parts_->channels, element);
    parts_->dispatch.message(parts_->fields, parts_->channels, is_sound);
  }
  return FrameResult::Ok;
}

const DataCounters& DataDecoder::counters() const { return parts_->dispatch.counters(); }

}  // namespace st0ck::alpaca
