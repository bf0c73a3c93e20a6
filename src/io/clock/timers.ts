// Repeated and delayed work. The timers do not keep the process alive: what is worth waiting for holds a socket.
export const systemTimers = {
  every: (intervalMs: number, work: () => void): (() => void) => {
    const timer = setInterval(work, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
  after: (delayMs: number, work: () => void): (() => void) => {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
