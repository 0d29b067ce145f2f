// A few checks in a row, each named by a sentence; the exit code tells whether all held.

import assert from "node:assert/strict";

let passed = 0;
let failed = 0;

/** Runs one check; a rejection or a broken assertion is a failure, and the next one runs. */
export async function check(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${String(error?.stack ?? error).replaceAll("\n", "\n        ")}`);
  }
}

/** Ends the program: clients leave sockets and timers behind. */
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** The value of a promise, or a failure that says what was waited for. */
export function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Collects what a listener is given until there are enough. */
export function collector() {
  const items = [];
  const waiting = [];
  const look = () => {
    for (const each of [...waiting]) {
      const found = each.pick(items);
      if (found === undefined) continue;
      waiting.splice(waiting.indexOf(each), 1);
      each.resolve(found);
    }
  };
  return {
    items,
    add: (item) => {
      items.push(item);
      look();
    },
    /** The first item for which `test` holds. */
    first: (what, test = () => true, seconds = 20) =>
      within(seconds, what, new Promise((resolve) => {
        waiting.push({ pick: (all) => all.find(test), resolve });
        look();
      })),
  };
}

/** Where the exchange listens, from the command line: `http://127.0.0.1:PORT`. */
export function exchange() {
  const url = process.argv[2];
  assert.match(url ?? "", /^http:\/\/127\.0\.0\.1:\d+$/, "usage: node FILE http://127.0.0.1:PORT");
  return { http: url, ws: url.replace(/^http/, "ws"), key: "test", secret: "test" };
}

export const isClose = (a, b, tolerance = 1e-9) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`);

export { assert };
