/** Work put off, handed in so that tests need not wait. */
export interface Timers {
  /** Does `work` once, after so many milliseconds; the result takes it back. It does not keep a process alive. */
  after(ms: number, work: () => void): () => void;
}

export const wallTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
