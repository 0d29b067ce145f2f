#include "src/net/server_answer.hpp"

#include "src/net/gzip.hpp"

#include <algorithm>

namespace st0ck::net {
namespace {

namespace http = boost::beast::http;

constexpr int kNoContent = 204;
constexpr int kNotModified = 304;

// The server's own; a second one would contradict it.
bool is_framing(const HeaderField& field) {
  constexpr std::string_view kNames[] = {"Content-Length", "Transfer-Encoding", "Connection",
                                         "Content-Type"};
  return std::ranges::any_of(kNames,
                             [&](std::string_view name) { return is_same_name(name, field.name); });
}

bool can_be_sent(const ServerResponse& response) {
  return response.status >= 200 && response.status <= 599 &&
         is_valid({"Content-Type", response.content_type}) &&
         std::ranges::all_of(response.headers, [](const HeaderField& field) {
           return is_valid(field) && !is_framing(field);
         });
}

bool may_have_body(int status) { return status != kNoContent && status != kNotModified; }

void pack(Answer& answer, std::string& body, const AnswerForm& form, core::ByteSize gzip_min) {
  if (body.size() < static_cast<std::size_t>(std::max<std::int64_t>(gzip_min.bytes, 1))) return;
  if (answer.find(http::field::content_encoding) != answer.end()) return;
  answer.insert(http::field::vary, "Accept-Encoding");
  if (!form.takes_gzip) return;
  auto packed = gzip(body);
  if (!packed || packed->size() >= body.size()) return;
  body = std::move(*packed);
  answer.set(http::field::content_encoding, "gzip");
}

}  // namespace

Answer make_answer(ServerResponse response, const AnswerForm& form, core::ByteSize gzip_min) {
  if (!can_be_sent(response)) {
    response = {.status = 500,
                .body = "the answer has a status or header that cannot be sent\n",
                .content_type = "text/plain"};
  }
  Answer answer;
  answer.version(form.version);
  answer.result(static_cast<unsigned>(response.status));
  answer.keep_alive(form.keep_alive);
  for (const auto& [name, value] : response.headers) answer.insert(name, value);
  if (!may_have_body(response.status)) return answer;
  if (!response.body.empty()) answer.set(http::field::content_type, response.content_type);
  pack(answer, response.body, form, gzip_min);
  answer.content_length(response.body.size());
  if (!form.is_head) answer.body() = std::move(response.body);
  return answer;
}

}  // namespace st0ck::net
