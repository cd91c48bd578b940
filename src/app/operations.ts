/** All operations by name: what the control channel may ask of the service. */
import type { App } from '../app.ts';
import { say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';
import { dashboardLink, dashboardRevoke } from './dashboard-link.ts';
import { explain } from './explain.ts';
import { inspect } from './inspect.ts';
import { kpi, kpiTickets } from './kpi.ts';
import { log } from './log.ts';
import type { Operation } from './operation.ts';
import { dryRun } from './pass.ts';
import { problems } from './problems.ts';
import { kpiPublish } from './publish-kpi.ts';
import { release } from './release.ts';
import { rulesApprove, rulesVersions } from './rules-approve.ts';
import { rulesCheck } from './rules-check.ts';
import { rulesReplay } from './rules-replay.ts';
import { rulesTest } from './rules-test.ts';
import { set } from './set.ts';
import { status } from './status.ts';
import { tickets } from './tickets.ts';

const operations = [
  tickets,
  set,
  log,
  problems,
  release,
  status,
  dryRun,
  inspect,
  explain,
  rulesCheck,
  rulesTest,
  rulesReplay,
  rulesApprove,
  rulesVersions,
  kpi,
  kpiTickets,
  dashboardLink,
  dashboardRevoke,
  kpiPublish,
] as const;

/** Runs an operation asked for by name with unchecked input. Throws `InputError` for a name or input nobody sends by mistake. */
export async function runNamed(app: App, name: string, input: unknown): Promise<unknown> {
  const found = operations.find((each) => each.name === name) as Operation<unknown, unknown> | undefined;
  const checked = found?.input.safeParse(input);
  if (found === undefined || checked?.success !== true) {
    // The other side is a command of another version.
    throw new InputError('unknown-operation', say(app.settings.locale, 'cli-other-version'));
  }
  return await found.run(app, checked.data);
}
