// A certificate of a camera's own making, as cameras show it: self-signed, P-256, for one name and one address, made at the time of the test, so that no key lies in the
// repository and none runs out. The DER is put together by hand (RFC 5280 section 4.1), as Node's crypto reads certificates and makes none.
import { generateKeyPairSync, sign, X509Certificate } from "node:crypto";

export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
  readonly sha256: string;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...size), body]);
}
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const SEQUENCE = 0x30;
const ECDSA_SHA256 = der(SEQUENCE, der(0x06, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)));

/** For `name` and an IPv4 `address`; good from 2020 to 2049. */
export function makeSelfSigned(name: string, address: string): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const issuer = der(SEQUENCE, der(0x31, der(SEQUENCE, der(0x06, bytes(0x55, 0x04, 0x03)), der(0x0c, Buffer.from(name)))));
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  const extension = (id: readonly number[], value: Uint8Array): Buffer => der(SEQUENCE, der(0x06, bytes(...id)), der(0x04, value));
  const names = extension([0x55, 0x1d, 0x11], der(SEQUENCE, der(0x82, Buffer.from(name)), der(0x87, bytes(...address.split(".").map(Number)))));
  const authority = extension([0x55, 0x1d, 0x13], der(SEQUENCE, der(0x01, bytes(255))));
  const body = der(
    SEQUENCE, der(0xa0, der(0x02, bytes(2))), der(0x02, bytes(0x11, 0x22)), ECDSA_SHA256, issuer, der(SEQUENCE, time("200101000000Z"), time("490101000000Z")), issuer,
    publicKey.export({ type: "spki", format: "der" }), der(0xa3, der(SEQUENCE, names, authority)),
  );
  const whole = der(SEQUENCE, body, ECDSA_SHA256, der(0x03, bytes(0), sign("sha256", body, privateKey)));
  const certificate = new X509Certificate(whole);
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }) as string, cert: certificate.toString(), sha256: certificate.fingerprint256.replace(/:/g, "").toLowerCase() };
}
