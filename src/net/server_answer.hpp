#pragma once

#include "st0ck/net/http_server.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace st0ck::net {

/// What the request says about the form of its answer.
struct AnswerForm {
  unsigned version = 11;  ///< Of HTTP, as Beast counts: 10 or 11.
  bool keep_alive = false;
  bool is_head = false;
  bool takes_gzip = false;
};

using Answer = boost::beast::http::response<boost::beast::http::string_body>;

/// The answer as it goes out: packed where that helps, without a body where there may be none. A
/// status or header that HTTP does not allow becomes a 500, because it is the handler's mistake.
Answer make_answer(ServerResponse response, const AnswerForm& form, core::ByteSize gzip_min);

}  // namespace st0ck::net
