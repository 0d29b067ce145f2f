// Trading by the official JavaScript client 3.x: account, every order class, positions, the stream.

import Alpaca from "alpaca-v3";
import { assert, check, collector, exchange, finish } from "./checks.mjs";

const at = exchange();
const alpaca = new Alpaca({
  keyId: at.key,
  secretKey: at.secret,
  baseUrl: at.http,
  dataBaseUrl: at.http,
});

const cents = (price) => Math.round(price * 100) / 100;
const price = (await alpaca.getLatestTrade("SPY")).Price;
const far = (part) => cents(price * part);
const order = (more) =>
  alpaca.createOrder({ symbol: "SPY", qty: 1, side: "buy", time_in_force: "day", ...more });

const updates = collector();
const stream = alpaca.trade_ws;
stream.onConnect(() => stream.subscribe(["trade_updates"]));
stream.onOrderUpdate(updates.add);
stream.connect();
const told = (id, event) =>
  updates.first(`${event} of ${id}`, (each) => each.order.id === id && each.event === event);

await check("account, clock, calendar and assets", async () => {
  const account = await alpaca.getAccount();
  assert.equal(account.status, "ACTIVE");
  assert.ok(Number(account.equity) > 0 && typeof account.equity === "string");
  const clock = await alpaca.getClock();
  assert.equal(clock.is_open, true);
  assert.ok(new Date(clock.next_close) > new Date(clock.timestamp));
  const days = await alpaca.getCalendar({
    start: clock.timestamp.slice(0, 10),
    end: clock.timestamp.slice(0, 10),
  });
  assert.equal(days[0].open, "09:30");
  const asset = await alpaca.getAsset("SPY");
  assert.equal(asset.class, "us_equity");
  const assets = await alpaca.getAssets({ status: "active" });
  assert.ok(["SPY", "QQQ", "AAPL", "MSFT"].every((s) => assets.some((a) => a.symbol === s)));
});

await check("a market order fills and makes a position", async () => {
  const sent = await order({ type: "market", qty: 10, client_order_id: `v3-market-${Date.now()}` });
  const fill = await told(sent.id, "fill");
  assert.equal(Number(fill.position_qty), 10);
  assert.ok(Number(fill.price) > 0);
  const same = await alpaca.getOrderByClientId(sent.client_order_id);
  assert.equal(same.status, "filled");
  assert.equal(Number((await alpaca.getPosition("SPY")).qty), 10);
});

await check("a limit order rests, is replaced and cancelled", async () => {
  const first = await order({ type: "limit", limit_price: far(0.9) });
  await told(first.id, "new");
  const second = await alpaca.replaceOrder(first.id, { limit_price: String(far(0.89)) });
  assert.notEqual(second.id, first.id);
  assert.equal(second.replaces, first.id);
  await told(first.id, "replaced");
  assert.equal((await alpaca.getOrder(first.id)).status, "replaced");
  await alpaca.cancelOrder(second.id);
  await told(second.id, "canceled");
});

await check("every other type and class is taken", async () => {
  const ids = [];
  const add = async (more) => ids.push((await order(more)).id);
  await add({ type: "stop", side: "sell", stop_price: far(0.8) });
  await add({ type: "stop_limit", side: "sell", stop_price: far(0.8), limit_price: far(0.79) });
  await add({ type: "trailing_stop", side: "sell", trail_percent: 20 });
  await alpaca.cancelAllOrders();
  for (const id of ids) await told(id, "canceled");

  const bracket = await order({
    type: "limit",
    limit_price: far(0.9),
    order_class: "bracket",
    take_profit: { limit_price: far(1.2) },
    stop_loss: { stop_price: far(0.8) },
  });
  assert.equal(bracket.legs.length, 2);
  assert.ok(bracket.legs.every((leg) => leg.status === "held"));
  await alpaca.cancelOrder(bracket.id);
  await told(bracket.id, "canceled");

  const oto = await order({
    type: "limit",
    limit_price: far(0.9),
    order_class: "oto",
    stop_loss: { stop_price: far(0.8) },
  });
  assert.equal(oto.legs.length, 1);
  await alpaca.cancelOrder(oto.id);
  await told(oto.id, "canceled");

  const oco = await order({
    type: "limit",
    side: "sell",
    order_class: "oco",
    take_profit: { limit_price: far(1.2) },
    stop_loss: { stop_price: far(0.8) },
  });
  const open = await alpaca.getOrders({ status: "open", nested: true });
  assert.ok(open.some((each) => each.id === oco.id && each.legs.length === 1));
  await alpaca.cancelOrder(oco.id);
  await told(oco.id, "canceled");
});

await check("refusals have their codes", async () => {
  const id = `v3-twice-${Date.now()}`;
  const first = await order({ type: "limit", limit_price: far(0.9), client_order_id: id });
  const refused = (status, more) =>
    assert.rejects(order(more), (error) => error.response.status === status);
  await refused(422, { type: "limit", limit_price: far(0.9), client_order_id: id });
  await refused(422, { type: "limit", limit_price: far(0.9) + 0.001 });
  await refused(403, { type: "market", qty: 1_000_000 });
  await alpaca.cancelOrder(first.id);
  await assert.rejects(alpaca.getOrder("00000000-0000-0000-0000-000000000000"), (error) => {
    return error.response.status === 404;
  });
});

await check("positions are closed", async () => {
  const sent = await alpaca.closePosition("SPY");
  await told(sent.id, "fill");
  assert.ok((await alpaca.getPositions()).every((each) => each.symbol !== "SPY"));
  const fills = await alpaca.getAccountActivities({ activityTypes: "FILL" });
  assert.ok(fills.length >= 2);
  const history = await alpaca.getPortfolioHistory({ period: "1D", timeframe: "5Min" });
  assert.equal(history.timestamp.length, history.equity.length);
});

await check("watchlists are kept", async () => {
  const list = await alpaca.addWatchlist(`v3-${Date.now()}`, ["SPY"]);
  await alpaca.addToWatchlist(list.id, "AAPL");
  const found = await alpaca.getWatchlist(list.id);
  assert.deepEqual(found.assets.map((asset) => asset.symbol).sort(), ["AAPL", "SPY"]);
  await alpaca.deleteWatchlist(list.id);
});

stream.disconnect();
finish();
