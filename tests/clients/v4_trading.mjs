// Trading by the official JavaScript client 4.x: account, every order class, positions, the stream.

import { ApiError, marketData, streaming, trading } from "alpaca-v4";
import { assert, check, collector, exchange, finish } from "./checks.mjs";

const at = exchange();
const settings = { keyId: at.key, secret: at.secret, basePath: at.http };
const configuration = new trading.Configuration(settings);
const orders = new trading.OrdersApi(configuration);
const positions = new trading.PositionsApi(configuration);
const stocks = new marketData.StockApi(new marketData.Configuration(settings));

const price = (await stocks.stockLatestTradeSingle({ symbol: "AAPL" })).trade.p;
const far = (part) => (Math.round(price * part * 100) / 100).toFixed(2);
const order = (more) =>
  orders.postOrder({
    postOrderRequest: { symbol: "AAPL", qty: "1", side: "buy", timeInForce: "day", ...more },
  });

const updates = collector();
const stream = new streaming.TradingStream({
  credentials: { keyId: at.key, secret: at.secret },
  url: `${at.ws}/stream`,
});
stream.onTradeUpdate(updates.add);
stream.subscribeTradeUpdates();
stream.connect();
const told = (id, event) =>
  updates.first(`${event} of ${id}`, (each) => each.order.id === id && each.event === event);

await check("the order stream lets us in", async () => {
  assert.ok(await stream.waitForAuthentication(10_000));
});

await check("account, clock, calendar and assets", async () => {
  const account = await new trading.AccountsApi(configuration).getAccount();
  assert.equal(account.status, "ACTIVE");
  const clock = await new trading.ClockApi(configuration).legacyClock();
  assert.equal(clock.isOpen, true);
  const days = await new trading.CalendarApi(configuration).legacyCalendar({
    start: clock.timestamp,
    end: clock.timestamp,
  });
  assert.equal(days[0].open, "09:30");
  const assets = await new trading.AssetsApi(configuration).getV2Assets({ status: "active" });
  assert.ok(assets.some((asset) => asset.symbol === "AAPL" && asset.tradable));
});

await check("a market order fills and makes a position", async () => {
  const sent = await order({ type: "market", qty: "5", clientOrderId: `v4-${Date.now()}` });
  await told(sent.id, "fill");
  const same = await orders.getOrderByClientOrderId({ clientOrderId: sent.clientOrderId });
  assert.equal(same.status, "filled");
  const position = await positions.getOpenPosition({ symbolOrAssetId: "AAPL" });
  assert.equal(Number(position.qty), 5);
});

await check("a limit order rests, is replaced and cancelled", async () => {
  const first = await order({ type: "limit", limitPrice: far(0.9) });
  await told(first.id, "new");
  const second = await orders.patchOrderByOrderId({
    orderId: first.id,
    patchOrderRequest: { limitPrice: far(0.89) },
  });
  assert.equal(second.replaces, first.id);
  await told(first.id, "replaced");
  await orders.deleteOrderByOrderID({ orderId: second.id });
  await told(second.id, "canceled");
});

await check("every other type and class is taken", async () => {
  const exits = [
    { type: "stop", side: "sell", stopPrice: far(0.8) },
    { type: "stop_limit", side: "sell", stopPrice: far(0.8), limitPrice: far(0.79) },
    { type: "trailing_stop", side: "sell", trailPrice: "30" },
  ];
  const ids = [];
  for (const each of exits) ids.push((await order(each)).id);
  const cancelled = await orders.deleteAllOrders();
  assert.equal(cancelled.length, ids.length);
  for (const id of ids) await told(id, "canceled");

  const takeProfit = { limitPrice: far(1.2) };
  const stopLoss = { stopPrice: far(0.8) };
  const groups = [
    [2, { type: "limit", limitPrice: far(0.9), orderClass: "bracket", takeProfit, stopLoss }],
    [1, { type: "limit", limitPrice: far(0.9), orderClass: "oto", stopLoss }],
    [1, { type: "limit", side: "sell", orderClass: "oco", takeProfit, stopLoss }],
  ];
  for (const [legs, body] of groups) {
    const sent = await order(body);
    const found = await orders.getOrderByOrderID({ orderId: sent.id, nested: true });
    assert.equal(found.legs.length, legs, body.orderClass);
    await orders.deleteOrderByOrderID({ orderId: sent.id });
    await told(sent.id, "canceled");
  }
});

await check("refusals have their codes", async () => {
  const refused = (status, code, call) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof ApiError, String(error));
      assert.deepEqual([error.status, error.code], [status, code]);
      return true;
    });
  await refused(422, 42210000, order({ type: "limit", limitPrice: `${far(0.9)}1` }));
  await refused(403, 40310000, order({ type: "market", qty: "1000000" }));
  await refused(404, 40410000, positions.getOpenPosition({ symbolOrAssetId: "MSFT" }));
});

await check("positions are closed", async () => {
  await positions.deleteAllOpenPositions({ cancelOrders: true });
  await updates.first("fill of the exit", (each) => each.event === "fill" && each.order.side === "sell");
  assert.deepEqual(await positions.getAllOpenPositions(), []);
});

stream.disconnect();
finish();
