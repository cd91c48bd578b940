/** The engine against histories of tables of records, which people edit while they are written. */
import { onlineCorners, testHistories } from './simulator/suite.ts';

testHistories({ model: 'records', histories: 2_500, seed: 20260313 }, onlineCorners);
