/** The engine against histories of workbooks whose reads may be old and whose writes prove nothing, which people edit while they are written. */
import { onlineCorners, testHistories } from './simulator/suite.ts';

testHistories({ model: 'graph', histories: 10_000, seed: 500_002 }, [
  ...onlineCorners,
  'X2',
  'a misplaced value was put right',
  'row recognised by its content',
]);
