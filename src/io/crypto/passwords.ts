// Passwords of people: argon2id (RFC 9106) with the least parameters that OWASP's password storage sheet names (19 MiB, 2 passes, 1 lane), some 30 ms of
// work each. At most two are worked on at once, so that a flood of log-ins cannot take the machine from dispatch; what waits is bounded.
import { hash, verify } from "@node-rs/argon2";

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const; // the algorithm is argon2id unless told; the database checks it
const AT_ONCE = 2;
const MOST_WAITING = 100;

/** Too many log-ins are waiting: try again later. */
export class PasswordsBusyError extends Error {
  override readonly name = "PasswordsBusyError";
}

let working = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new PasswordsBusyError("too many log-ins are waiting");
    await new Promise<void>((resolve) => waiting.push(resolve)); // whoever finishes hands its place over
  } else working++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) working--;
    else next();
  }
}

/** PHC string with a salt of its own. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, PARAMETERS));

let decoy: Promise<string> | undefined;

/** False for a null hash too, after the same work: the time must not tell whether a name exists. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword("nobody has this password");
  const against = passwordHash ?? (await decoy);
  const right = await inTurn(() => verify(against, password));
  return right && passwordHash !== null;
}
