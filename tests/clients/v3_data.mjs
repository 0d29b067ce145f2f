// Market data by the official JavaScript client 3.x: history with pages, snapshots, the stream.

import Alpaca from "alpaca-v3";
import { assert, check, collector, exchange, finish, isClose } from "./checks.mjs";

const at = exchange();
const alpaca = new Alpaca({
  keyId: at.key,
  secretKey: at.secret,
  baseUrl: at.http,
  dataBaseUrl: at.http,
  dataStreamUrl: at.http,
  feed: "iex",
});

const all = async (rows) => {
  const found = [];
  for await (const row of rows) found.push(row);
  return found;
};

const latest = await alpaca.getLatestTrade("SPY");
const now = new Date(latest.Timestamp);
const daysAgo = (days) => new Date(now - days * 86_400_000).toISOString();

await check("daily bars reach back sixty sessions", async () => {
  const bars = await all(alpaca.getBarsV2("SPY", { timeframe: "1Day", start: daysAgo(100) }));
  assert.ok(bars.length >= 60, `found ${bars.length}`);
  for (const bar of bars) assert.ok(bar.LowPrice <= bar.OpenPrice && bar.OpenPrice <= bar.HighPrice);
  for (let i = 1; i < bars.length; ++i) assert.ok(bars[i - 1].Timestamp < bars[i].Timestamp);
});

await check("minute bars over many pages add up to the day's", async () => {
  const [day] = await all(
    alpaca.getBarsV2("AAPL", { timeframe: "1Day", start: daysAgo(20), limit: 1 }),
  );
  const start = new Date(day.Timestamp);
  const end = new Date(+start + 86_399_999).toISOString();
  const options = { timeframe: "1Min", start: start.toISOString(), end, pageLimit: 50 };
  const minutes = await all(alpaca.getBarsV2("AAPL", options));
  assert.ok(minutes.length > 300);
  isClose(Math.max(...minutes.map((bar) => bar.HighPrice)), day.HighPrice);
  isClose(minutes.reduce((sum, bar) => sum + bar.Volume, 0), day.Volume, 0.001);
  isClose(minutes.at(-1).ClosePrice, day.ClosePrice);
});

await check("several symbols share the limit of a page", async () => {
  const bars = await alpaca.getMultiBarsV2(["MSFT", "QQQ", "SPY"], {
    timeframe: "1Day",
    start: daysAgo(30),
    pageLimit: 7,
  });
  assert.deepEqual([...bars.keys()].sort(), ["MSFT", "QQQ", "SPY"]);
  const counts = [...bars.values()].map((list) => list.length);
  assert.ok(counts.every((count) => count === counts[0] && count > 15), String(counts));
});

await check("quotes and prints of a past session come in pages", async () => {
  const [day] = await all(
    alpaca.getBarsV2("SPY", { timeframe: "1Day", start: daysAgo(40), limit: 1 }),
  );
  const open = +new Date(day.Timestamp) + 9.5 * 3_600_000;
  const range = {
    start: new Date(open).toISOString(),
    end: new Date(open + 600_000).toISOString(),
  };
  const trades = await all(alpaca.getTradesV2("SPY", { ...range, pageLimit: 100 }));
  const quotes = await all(alpaca.getQuotesV2("SPY", { ...range, pageLimit: 100 }));
  assert.ok(trades.length > 100 && quotes.length > 200);
  assert.ok(trades.some((trade) => trade.Conditions.includes("O")), "the opening auction");
  assert.ok(quotes.every((quote) => quote.BidPrice < quote.AskPrice));
  assert.equal(new Set(trades.map((trade) => trade.ID)).size, trades.length);
});

await check("latest values and snapshots agree", async () => {
  const snapshots = await alpaca.getSnapshots(["AAPL", "MSFT"]);
  assert.deepEqual(snapshots.map((each) => each.symbol).sort(), ["AAPL", "MSFT"]);
  const one = await alpaca.getSnapshot("AAPL");
  for (const part of ["LatestTrade", "LatestQuote", "MinuteBar", "DailyBar", "PrevDailyBar"])
    assert.ok(one[part], part);
  const quotes = await alpaca.getLatestQuotes(["AAPL", "MSFT"]);
  assert.ok(quotes.get("AAPL").BidPrice > 0);
  assert.ok((await alpaca.getLatestBars(["SPY"])).get("SPY").Volume > 0);
});

await check("what is wrong is told", async () => {
  await assert.rejects(
    all(alpaca.getBarsV2("SPY", { timeframe: "61Min", start: daysAgo(1) })),
    /code: 400, message: invalid timeframe/,
  );
  const stranger = new Alpaca({ keyId: "x", secretKey: "y", dataBaseUrl: at.http });
  await assert.rejects(stranger.getSnapshot("SPY"), /code: 401/);
});

await check("news and corporate actions are well formed", async () => {
  assert.deepEqual(await alpaca.getNews({ symbols: ["SPY"] }), []);
  const actions = await alpaca.getCorporateActions(["SPY", "AAPL", "MSFT", "QQQ"], {
    start: daysAgo(100).slice(0, 10),
    end: now.toISOString().slice(0, 10),
  });
  assert.equal(typeof actions, "object");
});

await check("the stream gives trades, quotes and bars", async () => {
  const stream = alpaca.data_stream_v2;
  stream.session.url = `${at.ws}/v2/iex`; // It would insist on TLS.
  stream.session.reconnect = false;
  const [trades, quotes, bars, errors] = [collector(), collector(), collector(), collector()];
  stream.onConnect(() => {
    stream.subscribeForTrades(["SPY", "AAPL"]);
    stream.subscribeForQuotes(["SPY"]);
    stream.subscribeForBars(["*"]);
  });
  stream.onStockTrade(trades.add);
  stream.onStockQuote(quotes.add);
  stream.onStockBar(bars.add);
  stream.onError(errors.add);
  stream.connect();
  const quote = await quotes.first("quote");
  assert.equal(quote.Symbol, "SPY");
  assert.ok(quote.BidPrice < quote.AskPrice);
  await trades.first("trade of SPY", (trade) => trade.Symbol === "SPY");
  await bars.first("bar", () => true, 70);
  assert.deepEqual(errors.items, []);
  assert.deepEqual(stream.getSubscriptions().trades, ["AAPL", "SPY"]);
  stream.disconnect();
});

finish();
