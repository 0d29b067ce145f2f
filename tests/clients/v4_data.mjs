// Market data by the official JavaScript client 4.x: history with pages, snapshots, the stream.

import { AuthError, marketData, streaming, TimeFrame, ValidationError } from "alpaca-v4";
import { assert, check, collector, exchange, finish, isClose } from "./checks.mjs";

const at = exchange();
const configuration = (secret) =>
  new marketData.Configuration({ keyId: at.key, secret, basePath: at.http });
const stocks = new marketData.StockApi(configuration(at.secret));
const screener = new marketData.ScreenerApi(configuration(at.secret));

const latest = await stocks.stockLatestTradeSingle({ symbol: "SPY" });
const now = new Date(latest.trade.t);
const daysAgo = (days) => new Date(now - days * 86_400_000);

/** All rows by symbol, page after page. */
async function pages(ask, rows) {
  const found = {};
  let count = 0;
  for (let pageToken; ; ) {
    const page = await ask(pageToken);
    count += 1;
    for (const [symbol, list] of Object.entries(page[rows] ?? {}))
      (found[symbol] ??= []).push(...list);
    pageToken = page.nextPageToken;
    if (!pageToken) return { found, count };
  }
}

await check("pages of bars give what one page gives", async () => {
  const question = { symbols: "SPY,AAPL", timeframe: TimeFrame.Day, start: daysAgo(60) };
  const whole = await stocks.stockBars({ ...question, limit: 10_000 });
  const { found, count } = await pages(
    (pageToken) => stocks.stockBars({ ...question, limit: 9, pageToken }),
    "bars",
  );
  assert.deepEqual(found, whole.bars);
  assert.ok(count > 5);
});

await check("quotes and prints of a past session come in pages, the newest first", async () => {
  const day = await stocks.stockBarSingle({
    symbol: "MSFT", timeframe: TimeFrame.Day, start: daysAgo(50), limit: 1,
  });
  const open = +new Date(day.bars[0].t) + 9.5 * 3_600_000;
  const question = {
    symbols: "MSFT", start: new Date(open), end: new Date(open + 900_000), sort: "desc",
  };
  const { found } = await pages(
    (pageToken) => stocks.stockTrades({ ...question, limit: 40, pageToken }),
    "trades",
  );
  const times = found.MSFT.map((trade) => +new Date(trade.t));
  assert.ok(times.length > 40);
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  const quotes = await stocks.stockQuotes({ ...question, limit: 10 });
  assert.equal(quotes.quotes.MSFT.length, 10);
});

await check("latest values, snapshots and auctions have their shapes", async () => {
  const snapshots = await stocks.stockSnapshots({ symbols: "SPY,QQQ" });
  assert.deepEqual(Object.keys(snapshots).sort(), ["QQQ", "SPY"]);
  const one = await stocks.stockSnapshotSingle({ symbol: "SPY" });
  assert.ok(one.latestQuote && one.latestTrade && one.dailyBar && one.prevDailyBar);
  const quotes = await stocks.stockLatestQuotes({ symbols: "SPY" });
  assert.ok(quotes.quotes.SPY);
  const bar = await stocks.stockLatestBarSingle({ symbol: "SPY" });
  assert.equal(bar.symbol, "SPY");
  const auctions = await stocks.stockAuctionSingle({ symbol: "SPY", start: daysAgo(10) });
  assert.ok(auctions.auctions.length > 4);
});

await check("codes of the tapes are told", async () => {
  assert.equal((await stocks.stockMetaExchanges()).P, "NYSE Arca");
  assert.ok((await stocks.stockMetaConditions({ ticktype: "trade", tape: "A" })).O);
});

await check("screeners rank", async () => {
  const actives = await screener.mostActives({ by: "volume", top: 3 });
  assert.equal(actives.mostActives.length, 3);
  const movers = await screener.movers({ marketType: "stocks", top: 5 });
  assert.equal(movers.marketType, "stocks");
  for (const mover of [...movers.gainers, ...movers.losers])
    isClose(mover.percentChange, (mover.change / (mover.price - mover.change)) * 100, 0.006);
});

await check("what is wrong is told by the client's own errors", async () => {
  const stranger = new marketData.StockApi(configuration("wrong"));
  await assert.rejects(stranger.stockSnapshots({ symbols: "SPY" }), AuthError);
  await assert.rejects(stocks.stockBars({ symbols: "SPY", timeframe: "61Min" }), ValidationError);
});

await check("the stream gives trades, quotes, bars and an error for a second connection", async () => {
  const open = () =>
    new streaming.StockDataStream({
      credentials: { keyId: at.key, secret: at.secret },
      url: `${at.ws}/v2/iex`,
      reconnect: false,
    });
  const stream = open();
  const [trades, quotes, bars, errors] = [collector(), collector(), collector(), collector()];
  stream.onTrade(trades.add);
  stream.onQuote(quotes.add);
  stream.onBar(bars.add);
  stream.onError(errors.add);
  stream.onConnect(() => {
    stream.subscribeForTrades(["SPY"]);
    stream.subscribeForQuotes(["SPY"]);
    stream.subscribeForBars(["SPY"]);
  });
  stream.connect();
  assert.ok(await stream.waitForAuthentication(10_000));
  const quote = await quotes.first("quote");
  assert.equal(quote.symbol, "SPY");
  assert.ok(Math.abs(quote.timestamp - now) < 30 * 86_400_000, String(quote.timestamp));
  await trades.first("trade");
  assert.deepEqual(errors.items, []);

  const second = open();
  const refusals = collector();
  second.onError(refusals.add);
  second.connect();
  assert.equal(await second.waitForAuthentication(10_000), false);
  await refusals.first("refusal", (error) => /connection limit exceeded/.test(String(error)));
  second.disconnect();
  await bars.first("bar", () => true, 70);
  stream.disconnect();
});

finish();
