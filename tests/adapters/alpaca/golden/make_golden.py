"""Makes the golden frames of the data stream: JSON, and the same as MessagePack in hex.

Needs the package msgpack (Debian: python3-msgpack).
"""

import json
import pathlib

import msgpack

FOLDER = pathlib.Path(__file__).parent
TIME = object()  # 2024-03-01T14:30:00.123456789Z
MINUTE = object()  # 2024-03-01T14:30:00Z
TEXTS = {TIME: "2024-03-01T14:30:00.123456789Z", MINUTE: "2024-03-01T14:30:00Z"}
STAMPS = {
    TIME: msgpack.Timestamp(1709303400, 123456789),
    MINUTE: msgpack.Timestamp(1709303400, 0),
}


def told(message, times):
    def value_of(value):
        return times[value] if value is TIME or value is MINUTE else value

    return {key: value_of(value) for key, value in message.items()}


def write(name, message_in):
    (FOLDER / f"{name}.json").write_text(json.dumps(message_in(TEXTS)) + "\n")
    packed = msgpack.packb(message_in(STAMPS))
    (FOLDER / f"{name}.msgpack.hex").write_text(packed.hex() + "\n")


def frame(name, *messages):
    write(name, lambda times: [told(message, times) for message in messages])


def request(name, **message):
    write(name, lambda times: message)


def quote(symbol, bid, bid_size, ask, ask_size):
    return {"T": "q", "S": symbol, "bx": "V", "bp": bid, "bs": bid_size, "ax": "Q", "ap": ask,
            "as": ask_size, "c": ["R"], "t": TIME, "z": "C"}


frame("stock_trade", dict(T="t", S="AAPL", i=52983525029461, x="D", p=189.1234, s=100,
                          c=["@", "I"], t=TIME, z="C"))
frame("stock_quote", quote("AAPL", 189.12, 300, 189.13, 200))
BAR = dict(o=189.1, h=189.5, l=189.05, c=189.2)
frame("minute_bar", dict(T="b", S="AAPL", **BAR, v=12345, n=321, vw=189.234567, t=MINUTE))
frame("updated_bar", dict(T="u", S="AAPL", **BAR, v=12346, n=322, vw=189.234567, t=MINUTE))
frame("daily_bar", dict(T="d", S="AAPL", o=180, h=190, l=179.5, c=189.2, v=52345678.5, n=654321,
                        vw=186.5, t=MINUTE))
frame("status", dict(T="s", S="AAPL", sc="H", sm="Trading Halt", rc="T12",
                     rm="Trading Halted; For information requested by NASDAQ", t=TIME, z="C"))
frame("luld", dict(T="l", S="AAPL", u=198.58, d=179.68, i="B", t=TIME, z="C"))
frame("correction", dict(T="c", S="AAPL", x="M", oi=52983525033527, op=39.1582, os=440000,
                         oc=[" ", "7"], ci=52983525034326, cp=39.1809, cs=440000, cc=[" ", "7"],
                         z="A", t=TIME))
frame("cancel", dict(T="x", S="AAPL", i=465, x="D", p=216.14, s=300, a="C", z="C", t=TIME))
frame("option_trade", dict(T="t", S="AAPL240621C00190000", t=TIME, p=5.05, s=2, x="N", c="I"))
frame("option_quote", {"T": "q", "S": "AAPL240621C00190000", "t": TIME, "bx": "C", "bp": 5,
                       "bs": 12, "ax": "X", "ap": 5.1, "as": 7, "c": "A"})
frame("connected", dict(T="success", msg="connected"))
frame("authenticated", dict(T="success", msg="authenticated"))
frame("error", dict(T="error", code=402, msg="auth failed"))
frame("subscription", dict(T="subscription", trades=["AAPL"], quotes=["AAPL", "MSFT"], bars=["*"],
                           updatedBars=[], dailyBars=[], statuses=["*"], lulds=[],
                           corrections=["AAPL"], cancelErrors=["AAPL"]))
frame("mixed",
      dict(T="t", S="AAPL", i=1, x="D", p=189, s=1, c=["@"], t=TIME, z="C"),
      dict(T="n", id=24918784, headline="Corsair", symbols=["AAPL"], created_at=TIME),
      quote("MSFT", 400.01, 1, 400.02, 2),
      quote("UNHEARD", 1, 1, 2, 2),
      dict(T="i", S="AAPL", p=1.5, z="C", t=TIME))
request("client_auth", action="auth", key="PKTEST", secret="SECRET")
request("client_subscribe", action="subscribe", trades=["AAPL"], quotes=["AAPL", "MSFT"],
        bars=["*"], updatedBars=["A"], dailyBars=["B"], statuses=["C"], lulds=["D"],
        imbalances=["E"], news=["F"], orderbooks=["G"])
request("client_unsubscribe", action="unsubscribe", quotes=["MSFT"])
