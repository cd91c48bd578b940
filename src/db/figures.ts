/** What was last published into each workbook of figures: enough to know whether anything is to be written. */
import { type Sql, storable } from './sql.ts';

/** Keys of `settings` begin with this. */
const PREFIX = 'figures/';

export interface PublishedFigures {
  /** The moment the figures are of, ISO 8601 in UTC. */
  readonly at: string;
  /** The same for the same figures, whatever moment they are of. */
  readonly digest: string;
}

/** Null when nothing was published there. */
export async function loadFigures(sql: Sql, workbook: string): Promise<PublishedFigures | null> {
  const [row] = await sql.query('select value from settings where key = $1', [storable(PREFIX + workbook)]);
  return row === undefined ? null : (JSON.parse(row.value as string) as PublishedFigures);
}

export async function saveFigures(sql: Sql, workbook: string, figures: PublishedFigures): Promise<void> {
  await sql.query(
    `insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`,
    [storable(PREFIX + workbook), JSON.stringify(figures)],
  );
}
