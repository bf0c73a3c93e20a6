// Tells open live links that the session they were opened with is over, at the moment it ends [SES3].
export interface SessionEnds {
  session(key: string): void;
  /** All sessions of an account, but for one that stays. */
  account(accountId: number, exceptKey?: string | null): void;
  subscribe(listener: (isOver: (link: { readonly accountId: number; readonly sessionKey: string }) => boolean) => void): () => void;
}

export function createSessionEnds(): SessionEnds {
  const listeners = new Set<Parameters<SessionEnds["subscribe"]>[0]>();
  const tell: Parameters<SessionEnds["subscribe"]>[0] = (isOver) => {
    for (const listener of listeners) listener(isOver);
  };
  return {
    session: (key) => tell((link) => link.sessionKey === key),
    account: (accountId, exceptKey = null) => tell((link) => link.accountId === accountId && link.sessionKey !== exceptKey),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
