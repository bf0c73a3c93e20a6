import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DEFAULT_CAMERA_NETWORKS, explainRefusal, findAddressRefusal, findHostRefusal, formatNetwork, LOOPBACK_NETWORKS, parseCameraNetworks, type AddressPolicy } from "./camera-networks.ts";

const policyOf = (text: string): AddressPolicy => {
  const parsed = parseCameraNetworks(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
};
const usual = policyOf(DEFAULT_CAMERA_NETWORKS);
const demo = policyOf(`${DEFAULT_CAMERA_NETWORKS},${LOOPBACK_NETWORKS}`);
const everything = policyOf("0.0.0.0/0 ::/0");

describe("[CAM8] which addresses cameras may have", () => {
  test("as installed: private networks and nothing else", () => {
    const cases: readonly [string, string | undefined][] = [
      ["10.1.2.3", undefined], ["192.168.1.10", undefined], ["172.16.0.1", undefined], ["172.31.255.255", undefined], ["100.64.0.1", undefined], ["fd12::1", undefined], ["::ffff:10.0.0.1", undefined],
      ["8.8.8.8", "outside"], ["172.32.0.1", "outside"], ["100.128.0.1", "outside"], ["2001:db8::1", "outside"], ["fe00::1", "outside"], ["::ffff:8.8.8.8", "outside"], ["64:ff9b::808:808", "outside"],
      ["127.0.0.1", "loopback"], ["127.9.9.9", "loopback"], ["::1", "loopback"], ["::ffff:127.0.0.1", "loopback"], ["::ffff:7f00:1", "loopback"], ["64:ff9b::7f00:1", "loopback"], ["2002:7f00:1::", "loopback"],
      ["camera.example", "not-an-address"], ["1.2.3", "not-an-address"], ["1.2.3.999", "not-an-address"], ["010.0.0.1", "not-an-address"], [":::", "not-an-address"], ["", "not-an-address"],
    ];
    for (const [address, refusal] of cases) assert.equal(findAddressRefusal(address, usual), refusal, address);
  });

  test("some no list allows", () => {
    const never: readonly [string, string][] = [
      ["169.254.169.254", "link-local"], ["::ffff:169.254.169.254", "link-local"], ["::a9fe:a9fe", "link-local"], ["64:ff9b::a9fe:a9fe", "link-local"], ["fe80::1", "link-local"], ["fe80::1%eth0", "link-local"],
      ["fd00:ec2::254", "metadata-service"], ["fd20:ce::254", "metadata-service"], ["fd00:c1::a9fe:a9fe", "metadata-service"], ["192.0.0.192", "metadata-service"], ["::ffff:192.0.0.192", "metadata-service"], ["100.100.100.200", "metadata-service"], ["168.63.129.16", "metadata-service"], ["0.0.0.0", "unspecified"], ["::", "unspecified"], ["0.1.2.3", "reserved"],
      ["255.255.255.255", "reserved"], ["224.0.0.1", "multicast"], ["239.1.2.3", "multicast"], ["ff02::1", "multicast"], ["::ffff:224.0.0.1", "multicast"],
    ];
    for (const [address, refusal] of never) for (const policy of [usual, demo, everything]) assert.equal(findAddressRefusal(address, policy), refusal, address);
  });

  test("loopback only where a network of its own says so: everything does not mean this machine", () => {
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      assert.equal(findAddressRefusal(address, demo), undefined, address);
      assert.equal(findAddressRefusal(address, everything), "loopback", address);
    }
    assert.equal(findAddressRefusal("127.0.0.2", policyOf("127.0.0.1")), "loopback");
  });

  test("an address is in a network exactly if its first bits are the network's", () => {
    const address = fc.tuple(fc.nat(0xff), fc.nat(0xff), fc.nat(0xff), fc.nat(0xff));
    fc.assert(fc.property(address, address, fc.integer({ min: 1, max: 32 }), fc.integer({ min: 0, max: 32 }), (a, other, prefix, alike) => {
      const bits = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
      const base = bits(a).slice(0, prefix).padEnd(32, "0").match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2));
      const b = (bits(a).slice(0, alike) + bits(other).slice(alike)).match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)); // two by chance are hardly ever of one network
      const parsed = parseCameraNetworks(`${base.join(".")}/${prefix}`);
      fc.pre(parsed.ok);
      const refusal = findAddressRefusal(b.join("."), parsed.value);
      fc.pre(refusal === undefined || refusal === "outside");
      assert.equal(refusal === undefined, bits(b).startsWith(bits(a).slice(0, prefix)));
    }));
    fc.assert(fc.property(fc.ipV6(), fc.ipV4(), (six, four) => { assert.notEqual(findAddressRefusal(six, everything), "not-an-address", six); assert.notEqual(findAddressRefusal(four, everything), "not-an-address"); }));
  });

  test("the host of a URL: a name is left for later, what only looks like one is not", () => {
    for (const name of ["camera.example", "cam-7", "cam7.district-2.example", "10.example", "fe80.example"]) assert.equal(findHostRefusal(name, usual), undefined, name);
    const cases: readonly [string, string | undefined][] = [
      ["10.0.0.5", undefined], ["[fd12::5]", undefined], ["[::ffff:a00:5]", undefined], ["8.8.8.8", "outside"], ["[2001:db8::1]", "outside"], ["[::ffff:808:808]", "outside"],
      ["localhost", "loopback"], ["LOCALHOST.", "loopback"], ["x.localhost", "loopback"], ["169.254.169.254.", "link-local"],
      ["2130706433", "not-an-address"], ["0x7f.1", "not-an-address"], ["127.1", "not-an-address"], ["010.0.0.1", "not-an-address"], ["cam.1", "not-an-address"],
    ];
    for (const [host, refusal] of cases) assert.equal(findHostRefusal(host, usual), refusal, host);
  });
});

describe("the list of networks", () => {
  test("read and written again", () => {
    const networks = policyOf(" 10.0.0.0/8,192.168.7.9\n fd12:0:0:7::/64 ::1/128 2001:db8::/32, ::/0").networks.map(formatNetwork);
    assert.deepEqual(networks, ["10.0.0.0/8", "192.168.7.9/32", "fd12:0:0:7::/64", "::1/128", "2001:db8::/32", "::/0"]);
    fc.assert(fc.property(fc.ipV6(), (address) => {
      const parsed = parseCameraNetworks(address);
      if (!parsed.ok) return;
      const text = formatNetwork(parsed.value.networks[0]!);
      assert.deepEqual(parseCameraNetworks(text), parsed, text);
    }));
  });

  test("a wrong entry is told with what was expected", () => {
    const cases: readonly [string, string, RegExp][] = [
      ["", "", /at least one network/], ["10.0.0.0/8,here", "here", /networks like 10\.0\.0\.0\/8/], ["10.0.0.0/33", "10.0.0.0/33", /a prefix of 0 to 32/], ["fd12::/129", "fd12::/129", /0 to 128/],
      ["10.0.0.5/8", "10.0.0.5/8", /the first address of the network: 10\.0\.0\.0\/8/], ["::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104", /as IPv4/],
      ["169.254.0.0/16", "169.254.0.0/16", /no link-local addresses/], ["224.0.0.0/4", "224.0.0.0/4", /no multicast addresses/], ["ff00::/8", "ff00::/8", /no multicast addresses/],
      [Array.from({ length: 257 }, () => "10.0.0.0/8").join(), "257 networks", /at most 256/],
    ];
    for (const [text, value, expected] of cases) {
      const parsed = parseCameraNetworks(text);
      assert.ok(!parsed.ok, text);
      assert.equal(parsed.error.value, value);
      assert.match(parsed.error.expected, expected);
    }
    fc.assert(fc.property(fc.string(), (text) => { parseCameraNetworks(text); }));
  });

  test("what a person is told names the networks and the option", () => {
    assert.equal(explainRefusal("8.8.8.8", "outside", policyOf("10.0.0.0/8,fd00::/16")), "8.8.8.8 is outside the networks that cameras may be in here: 10.0.0.0/8, fd00::/16; the option --camera-networks changes them");
    assert.match(explainRefusal("127.0.0.1", "loopback", usual), /a loopback address, outside the networks/);
    assert.equal(explainRefusal("169.254.169.254", "link-local", usual), "169.254.169.254 is a link-local address, which no camera may have");
  });
});
