/**
 * One measurement in a process of its own: `measure.ts NAME JSON`. Loads everything first, then times the work alone,
 * and reports the process's peak memory, so that no measurement profits from another's warm caches or pays for its
 * garbage. Prints one JSON line.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { measures } from './measures/index.ts';
import type { Given } from './measures/measure.ts';

const [, , name = '', given = '{}'] = process.argv;
const load = measures[name];
if (load === undefined) throw new Error(`no measurement is called ${name}`);

const measure = await load();
const ready = await measure(JSON.parse(given) as Given);
const startedAt = performance.now();
const counts = await ready.work();
const ms = performance.now() - startedAt;
const peakMb = process.resourceUsage().maxRSS / 1024;
await ready.close?.();
const line = `${JSON.stringify({ ms: ready.ms?.() ?? ms, peakMb, counts: counts ?? {} })}\n`;
if (!process.stdout.write(line)) await once(process.stdout, 'drain');
