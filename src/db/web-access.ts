/** What the database keeps about who may see the pages: the secret links are signed with, how often all links were made void, and where the pages are. */
import type { Sql } from './sql.ts';

export interface AccessKey {
  readonly secret: string;
  /** Links of an older generation are void. */
  readonly generation: number;
}

/** The key in force; the secret is made by the first caller and the same ever after. `given` takes its place. */
export async function accessKey(sql: Sql, given: string | null): Promise<AccessKey> {
  const [kept, generation] = await Promise.all([given ?? keptSecret(sql), settingOf(sql, 'web_generation')]);
  return { secret: kept, generation: Number(generation ?? 0) };
}

async function keptSecret(sql: Sql): Promise<string> {
  const known = await settingOf(sql, 'web_secret');
  if (known !== null) return known;
  const chance = crypto.getRandomValues(new Uint8Array(32));
  await sql.query(`insert into settings (key, value) values ('web_secret', $1) on conflict do nothing`, [
    Buffer.from(chance).toString('base64url'),
  ]);
  return (await settingOf(sql, 'web_secret'))!;
}

/** Makes all links void that were given out before. */
export async function nextGeneration(sql: Sql): Promise<void> {
  await sql.query(
    `insert into settings (key, value) values ('web_generation', '1')
     on conflict (key) do update set value = (settings.value::integer + 1)::text`,
  );
}

/** Where a running service serves its pages, for links made by other processes. */
export async function keepWebAddress(sql: Sql, address: string): Promise<void> {
  await sql.query(
    `insert into settings (key, value) values ('web_address', $1)
     on conflict (key) do update set value = excluded.value`,
    [address],
  );
}

/** Where a service last served its pages, or null. */
export function webAddress(sql: Sql): Promise<string | null> {
  return settingOf(sql, 'web_address');
}

async function settingOf(sql: Sql, key: string): Promise<string | null> {
  const [row] = await sql.query('select value from settings where key = $1', [key]);
  return (row?.value as string | undefined) ?? null;
}
