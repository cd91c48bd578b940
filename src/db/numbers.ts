/**
 * Record ids and the numbers people see: `T-000042-QK`. The two letters come from a secret of this database, so that a
 * number dragged down or made up in a sheet is almost never one that was, or will be, given out.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Sql } from './sql.ts';

/** No I, L or O: they are read as 1 and 0. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ';
const numbersPerDigest = 16;

/** Gives out `count` ids of a table: the first of a gapless block, which belongs to this transaction or to nobody. */
export async function takeIds(sql: Sql, table: string, count: number): Promise<number> {
  const [row] = await sql.query(
    `insert into record_counters (table_name, last) values ($1, $2::text::bigint)
     on conflict (table_name) do update set last = record_counters.last + excluded.last
     returning last`,
    [table, String(count)],
  );
  return (row!.last as number) - count + 1;
}

/** The secret behind the letters; made by the first caller, the same ever after. */
export async function numberSecret(sql: Sql): Promise<string> {
  await sql.query(`insert into settings (key, value) values ('number_secret', $1) on conflict do nothing`, [
    randomBytes(32).toString('base64'),
  ]);
  const [row] = await sql.query(`select value from settings where key = 'number_secret'`);
  return row!.value as string;
}

/** Numbers of one table from one secret. Pure; neighbours share a digest, so going through a block in order is cheap. */
export function numberMaker(secret: string, table: string, prefix: string): (id: number) => string {
  let block = -1;
  let digest = Buffer.alloc(0);
  return (id) => {
    const ofBlock = Math.floor(id / numbersPerDigest);
    if (ofBlock !== block) {
      block = ofBlock;
      digest = createHmac('sha256', secret).update(`${table}:${block}`).digest();
    }
    const chance = digest.readUInt16BE((id % numbersPerDigest) * 2);
    const first = letters[chance % letters.length]!;
    const second = letters[Math.floor(chance / letters.length) % letters.length]!;
    return `${prefix}-${String(id).padStart(6, '0')}-${first}${second}`;
  };
}
