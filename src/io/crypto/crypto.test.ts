// Secrets: what opens, what does not, and what can be seen from outside.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { createSealer } from "./seal.ts";
import { createToken, deriveCsrf, deriveOperatorToken, equalSecrets, hashToken } from "./tokens.ts";
import { createViewTokenSigner } from "./view-tokens.ts";

describe("passwords", () => {
  test("argon2id with the stated cost and a salt of its own", async () => {
    const [one, two] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.notEqual(one, two);
    assert.deepEqual(await Promise.all([verifyPassword(one, "correct horse"), verifyPassword(one, "correct horsE"), verifyPassword(null, "correct horse")]), [true, false, false]);
  });
  test("more at once than are worked on: all are answered", async () => {
    const hash = await hashPassword("x");
    assert.ok((await Promise.all(Array.from({ length: 20 }, () => verifyPassword(hash, "x")))).every((right) => right));
  });
  test("a flood is refused, not queued without end, and the rest is still answered", async () => {
    const hash = await hashPassword("x");
    const settled = await Promise.allSettled(Array.from({ length: 130 }, () => verifyPassword(hash, "x")));
    const refused = settled.filter((one) => one.status === "rejected");
    assert.equal(refused.length, 130 - 102);
    assert.ok(refused.every((one) => (one.reason as Error).name === "PasswordsBusyError"));
    assert.equal(await verifyPassword(hash, "x"), true);
  });
});

describe("seal", () => {
  const key = randomBytes(32).toString("base64");
  test("opens with its key and context, and no other way", () => {
    const sealer = createSealer(key);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (text, at) => {
        const sealed = sealer.seal(text, "camera 1");
        assert.equal(sealer.open(sealed, "camera 1"), text);
        assert.throws(() => sealer.open(sealed, "camera 2"));
        assert.throws(() => createSealer(randomBytes(32).toString("base64")).open(sealed, "camera 1"));
        const bent = Buffer.from(sealed);
        bent[at % bent.length]! ^= 1;
        assert.throws(() => sealer.open(bent, "camera 1"));
        assert.throws(() => sealer.open(sealed.subarray(0, at % sealed.length), "camera 1"));
      }),
    );
    assert.notDeepEqual(sealer.seal("a", "b"), sealer.seal("a", "b"));
  });
  test("a key of another length is refused", () => {
    for (const bytes of [0, 16, 31, 33]) assert.throws(() => createSealer(randomBytes(bytes).toString("base64")), /expected 32/);
  });
});

describe("tokens", () => {
  test("are random, of 43 characters, and known by a hash; what is made from them does not tell them", () => {
    const token = createToken();
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.notEqual(token, createToken());
    assert.equal(hashToken(token).length, 32);
    assert.equal(deriveCsrf(token), deriveCsrf(token));
    assert.notEqual(deriveCsrf(token), token);
    assert.ok(equalSecrets(token, token) && !equalSecrets(token, `${token}x`) && !equalSecrets("", token));
    const key = randomBytes(32).toString("base64");
    assert.equal(deriveOperatorToken(key), deriveOperatorToken(key));
    assert.notEqual(deriveOperatorToken(key), deriveOperatorToken(randomBytes(32).toString("base64")));
  });
  test("view tokens are signed with Ed25519 and with nothing else", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    assert.throws(() => createViewTokenSigner(rsa), /expected ed25519/);
  });
});
