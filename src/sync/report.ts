/** What a run says of itself: counts per tab, and in a dry run every single thing it would do. Plain data. */

/** Counts of one tab in one run. `held` is null or the guard's reason, in words. */
export interface CycleReport {
  readonly workbook: string;
  readonly tab: string;
  readonly read: number;
  readonly created: number;
  readonly applied: number;
  readonly written: number;
  readonly problems: number;
  readonly conflicts: number;
  readonly held: string | null;
}

/** One thing a dry run would do. */
export interface PlannedCell {
  readonly tab: string;
  /** A1 address; empty for a row that would be appended. */
  readonly cell: string;
  readonly kind: 'write' | 'append' | 'apply' | 'create';
  readonly ticketNo: string | null;
  readonly field: string | null;
  readonly from: string;
  readonly to: string;
}

export function emptyReport(workbook: string, tab: string): CycleReport {
  return { workbook, tab, read: 0, created: 0, applied: 0, written: 0, problems: 0, conflicts: 0, held: null };
}

/** Counts of two cycles over one tab: what was done adds up, what was read and what is held is the later one's. */
export function addReports(before: CycleReport, after: CycleReport): CycleReport {
  return {
    ...after,
    created: before.created + after.created,
    applied: before.applied + after.applied,
    written: before.written + after.written,
    problems: before.problems + after.problems,
    conflicts: before.conflicts + after.conflicts,
  };
}
