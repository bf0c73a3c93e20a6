// One connection to a camera, plain or TLS: bytes are read into one buffer that all sockets of the process share (`onread`): a read is consumed before the next is
// made, so there are no stream objects and no copies on the way to the depacketiser. A TLS connection is told as ready only after its certificate was judged; until then
// nothing is written, and what comes is not looked at.
//
// A socket that nobody waits for is not waited on either: it stays paused, and `readWaiting` takes what its kernel buffer holds with one plain read. Resuming it for one read costs
// three times as much: a tick of its own, two changes of the loop's watch list, a wake-up. Node tells a socket's descriptor only on its handle, which is not documented; where it is not
// to be had (Windows), the socket is resumed for one read.
import { readSync } from "node:fs";
import { type Socket, connect, isIP } from "node:net";
import { type SecureContext, type TLSSocket, connect as connectTls, createSecureContext, getCACertificates } from "node:tls";
import { type CertificatePolicy, findCertificateRefusal } from "../../video/camera/certificate.ts";

export interface CameraSocketEvents {
  onReady(): void;
  /** Answers whether to go on reading; after a no, `resume` of the socket does. */
  onBytes(buffer: Uint8Array, length: number): boolean;
  /** `sha256`: of the certificate that was shown; undefined where there was none. */
  onUntrusted(message: string, sha256: string | undefined): void;
  onError(error: NodeJS.ErrnoException): void;
  onClosed(): void;
}

/** Not a Buffer, whose `slice` is a view: who keeps what is borrowed slices it, and gets a copy. */
const SHARED_READ_BUFFER = new Uint8Array(256 * 1024);

/** Undefined where this platform does not tell it, or the socket is closed. */
export function findDescriptor(socket: Socket): number | undefined {
  const fd = (socket as unknown as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
}

/**
 * One read of what waits for a paused plain socket: the bytes, borrowed until the next read of any; empty where nothing waits. Undefined where the socket has to be resumed to learn
 * more: its end, its error, or no descriptor.
 */
export function readWaiting(socket: Socket): Uint8Array | undefined {
  const fd = findDescriptor(socket);
  if (fd === undefined) return undefined;
  try {
    const length = readSync(fd, SHARED_READ_BUFFER, 0, SHARED_READ_BUFFER.length, null);
    return length === 0 ? undefined : SHARED_READ_BUFFER.subarray(0, length);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN" ? SHARED_READ_BUFFER.subarray(0, 0) : undefined;
  }
}

/** `host` is the camera's name or address as registered, `address` the numeric one that was judged. `tls`: undefined for a plain connection. */
export function openCameraSocket(host: string, address: string, port: number, tls: CertificatePolicy | undefined, events: CameraSocketEvents): Socket {
  let ready = false;
  const common = {
    host: address, port, noDelay: true,
    onread: {
      buffer: SHARED_READ_BUFFER,
      callback: (length: number, buffer: Uint8Array) => !ready || events.onBytes(buffer, length),
    },
  };
  const begin = (): void => {
    ready = true;
    events.onReady();
  };
  let socket: Socket;
  if (tls === undefined) {
    socket = connect(common);
    socket.on("connect", begin);
  } else {
    // The outcome of the usual check is asked below instead of ending the connection there, so that the fingerprint can be told to whoever has to pin it.
    const secure = connectTls({
      ...common, ...(isIP(host) === 0 ? { servername: host } : {}), secureContext: createContext(tls), rejectUnauthorized: false,
    });
    secure.on("secureConnect", () => {
      const shown = readCertificate(secure);
      const refusal = findCertificateRefusal(tls, shown);
      if (refusal === undefined) begin();
      else events.onUntrusted(refusal, shown?.sha256);
    });
    socket = secure;
  }
  socket.on("error", (error) => events.onError(error));
  socket.on("close", () => events.onClosed());
  return socket;
}

let systemContext: SecureContext | undefined;

// Node's own list of authorities is that of web browsers; a city's is in the system's store. Read once, at the first camera that needs it: it takes a third of a second.
function createContext(policy: CertificatePolicy): SecureContext {
  const minVersion = "TLSv1.2";
  if (policy.kind === "pinned") return createSecureContext({ minVersion });
  if (policy.pem !== undefined) return createSecureContext({ minVersion, ca: policy.pem });
  systemContext ??= createSecureContext({ minVersion, ca: [...new Set([...getCACertificates("system"), ...getCACertificates("extra")])] });
  return systemContext;
}

function readCertificate(socket: TLSSocket): { sha256: string; fault: string | undefined } | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const { authorized, authorizationError } = socket;
  return { sha256: certificate.fingerprint256.replace(/:/g, "").toLowerCase(), fault: authorized ? undefined : String(authorizationError ?? "unknown") };
}
