// README.txt of a package: what it is and how to check it without us, by commands that every Unix has. Both languages, plain text.
import { MEMBERS } from "./manifest.ts";

export function formatReadme({ city, exportId, fingerprint }: { readonly city: string; readonly exportId: number; readonly fingerprint: string }): string {
  return `Evidence package ${exportId} of ${city}, made by Citywatch
${"=".repeat(60)}

The pictures in media/ are the bytes as the cameras sent them and as they were recorded: nothing was re-encoded. ${MEMBERS.manifest}
says of each file which recorded segments it was taken from, their hashes, the wall times, and every gap with its cause.

What was recorded with them stands beside them: *.sound.mp4 is the sound as the camera sent it, *.sound.wav the same as PCM where it is G.711 (made here,
since browsers play no G.711 in MP4; silent where there was no sound), *.metadata.mp4 the camera's own description (ONVIF), which nobody has read.

To look: unpack everything, then open ${MEMBERS.page} in a browser. It needs no network. Any player that reads MP4 plays media/.

To check with Citywatch (gives graded verdicts and names what is wrong):
    citywatch verify PACKAGE.zip --key public-key-of-the-city.pem

To check without Citywatch, in the unpacked folder:
    sha256sum -c ${MEMBERS.sums}
    openssl pkeyutl -verify -pubin -inkey ${MEMBERS.key} -rawin -in ${MEMBERS.manifest} -sigfile ${MEMBERS.signature}
    openssl pkey -pubin -in ${MEMBERS.key} -outform DER | tail -c 32 | sha256sum
The first says whether the files are those that ${MEMBERS.sums} names, the second whether the holder of the key signed the manifest,
the third prints the fingerprint of that key. It should be
    ${fingerprint}
but this text could have been changed with the rest: compare with the fingerprint that the city has published, or that you were told
by another way. A package that is whole under a key which nobody vouches for proves only that nothing changed since somebody signed it.
"sha256sum -c" does not compare ${MEMBERS.sums} with the signed manifest, nor look for files that were added; "citywatch verify" does.

${city} 的证据包 ${exportId}，由 Citywatch 生成
${"-".repeat(60)}

media/ 中的画面是摄像机发出并被录下的原始字节，未经重新编码。${MEMBERS.manifest} 写明每个文件取自哪些录像段、其哈希值、
真实时间，以及每处中断及其原因。

同时录下的内容放在旁边：*.sound.mp4 是摄像机发出的原始声音；G.711 声音另有 *.sound.wav（由此生成的 PCM，因为浏览器不能播放 MP4 中的
G.711；没有声音之处为静音）；*.metadata.mp4 是摄像机自身的描述（ONVIF），无人读取。

查看：解压全部文件，用浏览器打开 ${MEMBERS.page}，无需网络。任何能播放 MP4 的播放器都能播放 media/ 中的文件。

用 Citywatch 核验（给出分级结论并指出问题所在）：
    citywatch verify PACKAGE.zip --key public-key-of-the-city.pem

不用 Citywatch 核验：在解压后的文件夹中运行上面的 sha256sum 与 openssl 命令。第一条说明文件是否与 ${MEMBERS.sums} 相符，
第二条说明清单是否由该密钥的持有者签名，第三条显示密钥指纹。请与本市公布的、或以其他途径得知的指纹对照：
若密钥无人担保，完好的证据包只能证明自签名以来没有改动。
`;
}
