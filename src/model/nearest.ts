/** Did you mean: the known word closest to one that was typed, for messages about unknown keys, fields and tickets. */

/**
 * The known word that is likely meant, or null when none is close: at most a third of its letters, and never more than
 * three, may differ (a swap of neighbours counts once). Case and full-width forms are not differences.
 */
export function nearest(typed: string, known: readonly string[]): string | null {
  const wanted = fold(typed);
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const word of known) {
    const allowed = Math.min(3, Math.max(1, Math.floor(Math.max(wanted.length, word.length) / 3)));
    const folded = fold(word);
    // Each letter more or less is a difference, so a long text need not be compared letter by letter.
    if (Math.abs(wanted.length - folded.length) > allowed) continue;
    const distance = editDistance(wanted, folded);
    if (distance <= allowed && distance < Math.min(bestDistance, word.length)) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost one each. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
