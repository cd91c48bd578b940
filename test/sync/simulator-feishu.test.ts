/** The engine against histories of sheets with a revision, which people edit while they are written. */
import { onlineCorners, testHistories } from './simulator/suite.ts';

testHistories({ model: 'feishu', histories: 10_000, seed: 500_001 }, [
  ...onlineCorners,
  'X2',
  'a misplaced value was put right',
  'row recognised by its content',
]);
