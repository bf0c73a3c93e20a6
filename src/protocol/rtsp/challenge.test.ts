import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DIGEST_ALGORITHMS, type HashHex, chooseChallenge, computeDigest, decodeBase64, encodeBase64, formatAuthorization, parseAuthParameters, parseChallenge, parseNextNonce } from "./challenge.ts";
import { DigestGuard } from "./digest-guard.ts";

const hash: HashHex = (algorithm, text) => createHash(algorithm === "MD5" ? "md5" : "sha256").update(text, "utf8").digest("hex");

describe("digest", () => {
  test("the example of RFC 7616 section 3.9.1, MD5 and SHA-256", () => {
    const inputs = { realm: "http-auth@example.org", nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", method: "GET", uri: "/dir/index.html", qop: { nc: "00000001", cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ" } };
    const credentials = { userName: "Mufasa", password: "Circle of Life" };
    assert.equal(computeDigest({ ...inputs, algorithm: "MD5" }, credentials, hash), "8ca523f5e9506fed4657c9700eebdbec");
    assert.equal(computeDigest({ ...inputs, algorithm: "SHA-256" }, credentials, hash), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  });

  test("the -sess algorithms hash the nonces into the secret part (RFC 7616 section 3.4.2)", () => {
    const sha = (text: string): string => hash("SHA-256", text);
    const challenge = parseChallenge('Digest realm="r", nonce="n", algorithm=sha-256-SESS, qop="auth"')!;
    const value = formatAuthorization(challenge, { userName: "u", password: "p" }, { method: "PLAY", uri: "rtsp://h/x", count: 11, cnonce: "c" }, hash);
    const expected = sha(`${sha(`${sha("u:r:p")}:n:c`)}:n:0000000b:c:auth:${sha("PLAY:rtsp://h/x")}`);
    assert.equal(value, `Digest username="u", realm="r", nonce="n", uri="rtsp://h/x", response="${expected}", algorithm=SHA-256-sess, qop=auth, nc=0000000b, cnonce="c"`);
    assert.equal(parseChallenge('Digest realm="r", nonce="n", algorithm=MD5-sess'), undefined, "without qop there is no client's nonce to bind");
    const answers = DIGEST_ALGORITHMS.map((algorithm) => computeDigest({ algorithm, realm: "r", nonce: "n", method: "M", uri: "u", qop: { nc: "00000001", cnonce: "c" } }, { userName: "u", password: "p" }, hash));
    assert.equal(new Set(answers).size, 4);
  });

  test("the next nonce of Authentication-Info", () => {
    assert.equal(parseNextNonce('nextnonce="abc", qop=auth, rspauth="1", cnonce="c", nc=00000001'), "abc");
    assert.equal(parseNextNonce('rspauth="1"'), undefined);
    fc.assert(fc.property(fc.string(), (text) => { parseNextNonce(text); }));
  });

  test("without qop it is RFC 2069, with no parameter that was not offered", () => {
    const challenge = parseChallenge('Digest realm="Surveillance Server", nonce="98481030"')!;
    const value = formatAuthorization(challenge, { userName: "admin", password: "12345" }, { method: "DESCRIBE", uri: "rtsp://h/x", count: 1, cnonce: "c" }, hash);
    const md5 = (text: string): string => hash("MD5", text);
    const expected = md5(`${md5("admin:Surveillance Server:12345")}:98481030:${md5("DESCRIBE:rtsp://h/x")}`);
    assert.equal(value, `Digest username="admin", realm="Surveillance Server", nonce="98481030", uri="rtsp://h/x", response="${expected}"`);
  });

  test("the strongest challenge that is spoken here is chosen", () => {
    const values = ['Basic realm="a"', 'Digest realm="a", nonce="1"', 'Digest realm="a", nonce="2", algorithm=SHA-256, qop="auth,auth-int"', 'Digest realm="a", nonce="3", algorithm=SHA-512-256', 'NTLM'];
    const nonce = (list: string[]): string | undefined => {
      const chosen = chooseChallenge(list);
      return chosen?.scheme === "digest" ? chosen.nonce : chosen?.scheme;
    };
    assert.equal(nonce(values), "2");
    assert.equal(nonce(values.slice(0, 2)), "1");
    assert.equal(nonce(values.slice(0, 1)), "basic");
    assert.equal(nonce(values.slice(3)), undefined);
    assert.equal(nonce(['Digest realm="a", nonce="4", qop="auth-int"']), undefined);
  });

  test("[SEC2] basic is chosen only where no digest is offered at all, also none that is not spoken here", () => {
    for (const digest of ['Digest realm="a", nonce="3", algorithm=SHA-512-256', 'Digest realm="a", nonce="4", qop="auth-int"', "Digest broken"]) {
      assert.equal(chooseChallenge(['Basic realm="a"', digest]), undefined, digest);
      assert.equal(chooseChallenge([digest, 'Basic realm="a"']), undefined, digest);
    }
  });

  test("parameters in every form, and no exception whatever comes", () => {
    assert.deepEqual([...parseAuthParameters('Digest a="b, \\"c\\"",d=e , F = "g"')!.parameters], [["a", 'b, "c"'], ["d", "e"], ["f", "g"]]);
    assert.equal(parseAuthParameters('Digest a="b'), undefined);
    fc.assert(fc.property(fc.string(), (text) => { parseChallenge(text); parseChallenge(`Digest ${text}`); }));
  });

  test("basic", () => {
    assert.equal(formatAuthorization({ scheme: "basic", realm: "x" }, { userName: "Aladdin", password: "open sesame" }, { method: "M", uri: "u", count: 1, cnonce: "c" }, hash), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  });

  test("base64 there and back, with and without padding", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString("base64"));
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes);
      assert.deepEqual(decodeBase64(encodeBase64(bytes).replace(/=+$/, "")), bytes);
    }));
    for (const text of ["a", "ab!c", "ab cd"]) assert.equal(decodeBase64(text), undefined);
  });
});

describe("the guard of a server", () => {
  const options = { realm: "cam", algorithm: "SHA-256", nonceLifeMs: 1_000, mostNonces: 3 } as const;
  const request = { method: "PLAY", uri: "rtsp://h/x" };
  const find = (name: string): string | undefined => (name === "admin" ? "pw" : undefined);
  const answer = (challengeValue: string, more: { userName?: string; password?: string; count?: number; uri?: string } = {}): string =>
    formatAuthorization(parseChallenge(challengeValue)!, { userName: more.userName ?? "admin", password: more.password ?? "pw" }, { method: "PLAY", uri: more.uri ?? request.uri, count: more.count ?? 1, cnonce: "c" }, hash);
  const reason = (verdict: ReturnType<DigestGuard["verify"]>): string => (verdict.ok ? "ok" : verdict.reason);

  test("each way to be refused, and the way in", () => {
    const guard = new DigestGuard(options, hash);
    const challenge = guard.challenge("aa11", 0);
    assert.equal(reason(guard.verify(undefined, request, find, 0)), "missing");
    assert.equal(reason(guard.verify("Basic QQ==", request, find, 0)), "malformed");
    assert.equal(reason(guard.verify(answer(challenge.replace("aa11", "bb22")), request, find, 0)), "unknown-nonce", "a nonce that this server never issued");
    assert.equal(reason(guard.verify(answer(challenge, { password: "no" }), request, find, 0)), "wrong-credentials");
    assert.equal(reason(guard.verify(answer(challenge, { userName: "nobody", password: "" }), request, find, 0)), "wrong-credentials", "an unknown user with an empty password");
    assert.equal(reason(guard.verify(answer(challenge, { uri: "rtsp://h/other" }), request, find, 0)), "wrong-uri");
    assert.equal(reason(guard.verify(answer(challenge), { ...request, method: "TEARDOWN" }, find, 0)), "wrong-credentials", "an answer to another method");
    assert.equal(reason(guard.verify(answer(challenge), request, find, 0)), "ok");
    assert.equal(reason(guard.verify(answer(challenge), request, find, 0)), "replayed");
    assert.equal(reason(guard.verify(answer(challenge, { count: 2 }), request, find, 500)), "ok");
    assert.equal(reason(guard.verify(answer(challenge, { count: 3 }), request, find, 1_001)), "stale");
  });

  test("issued nonces are bounded, the oldest goes first", () => {
    const guard = new DigestGuard(options, hash);
    const first = guard.challenge("n1", 0);
    for (const nonce of ["n2", "n3", "n4"]) guard.challenge(nonce, 0);
    assert.equal(reason(guard.verify(answer(first), request, find, 0)), "unknown-nonce");
  });
});
