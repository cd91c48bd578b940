/** The reply to an upload of a whole file is lost: what stands on the drive tells what became of it, or nobody knows. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GraphApp, HandedReply } from '../../connectors/msgraph/app.ts';
import { UncertainError } from '../../src/model/errors.ts';
import { figures } from '../laws/published.ts';
import { FileDesk, failure, push, saves, shown, stands, write } from './msgraph-file-desk.ts';

let desk: FileDesk;
beforeEach(async () => {
  desk = await FileDesk.open();
});
afterEach(() => desk.close());

/** The app with what happens to pieces of uploads in somebody else's hands. */
function withPieces(send: (real: () => Promise<HandedReply>) => Promise<HandedReply>): {
  readonly app: Pick<GraphApp, 'ask' | 'askHanded'>;
} {
  return {
    app: {
      ask: (call) => desk.app.ask(call),
      askHanded: (call) => {
        const real = () => desk.app.askHanded(call);
        return call.method === 'PUT' ? send(real) : real();
      },
    },
  };
}

const lost = (): never => {
  throw new UncertainError('msgraph-no-reply', 'no reply');
};

test('the reply to the last piece is lost: what stands there tells that it landed', async () => {
  const file = await desk.file();
  const mode = desk.mode(
    file,
    withPieces(async (real) => {
      await real();
      return lost();
    }),
  );
  const { version } = await mode.pull(['T']);
  const pushed = await mode.push({ version, generation: 4, operations: [write('新')] });
  expect(pushed.outcomes).toEqual([{ status: 'applied', row: 1 }]);
  expect(await mode.version()).toBe(pushed.version);
  expect((await desk.mode(file).pull(['T'])).generation).toBe(4);
});

test('the last piece is lost on the way: it is sent again', async () => {
  const file = await desk.file();
  let isFirst = true;
  const mode = desk.mode(
    file,
    withPieces(async (real) => {
      if (!isFirst) return real();
      isFirst = false;
      return lost();
    }),
  );
  await mode.pull(['T']);
  expect(await push(mode, '新')).toEqual(['applied']);
  expect(await stands(desk, file)).toBe('新');
});

test('the reply is lost and somebody saves on top, or nobody can be asked: not known; what was rejected still is', async () => {
  const file = await desk.file();
  const mode = desk.mode(
    file,
    withPieces(async (real) => {
      await real();
      await saves(file, '他后');
      return lost();
    }),
  );
  const { version } = await mode.pull(['T']);
  const operations = [write('新'), write('x'.repeat(40_000))];
  const pushed = await mode.push({ version, generation: 5, operations });
  expect(pushed.outcomes.map(({ status }) => status)).toEqual(['unknown', 'rejected']);
  expect(pushed.version).toBe(null);
  expect((await mode.pull(['T'])).generation).toBe(5);

  const deaf = desk.mode(
    file,
    withPieces(async (real) => {
      await real();
      desk.graph.switches.failures = [{ status: 503, times: 50 }];
      return lost();
    }),
  );
  await deaf.pull(['T']);
  expect(await push(deaf, '又新')).toEqual(['unknown']);
  desk.graph.switches.failures = [];
  expect(await shown(deaf)).toBe('又新');
});

test('a lost reply while figures are published is told as such; again, nothing is left to do', async () => {
  const file = await desk.file();
  const mode = desk.mode(
    file,
    withPieces(async (real) => {
      await real();
      await saves(file, '他后');
      return lost();
    }),
  );
  const options = { timeZone: 'Asia/Shanghai', restore: [] };
  expect(await failure(mode.publish(figures(), options))).toBeInstanceOf(UncertainError);
  expect(await desk.mode(file).publish(figures(), options)).toMatchObject({ changed: 0, made: [] });
});
