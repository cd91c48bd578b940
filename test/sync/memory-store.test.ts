/** The simulator's store must keep the promises a database keeps. */
import { storeLaws } from '../laws/store.ts';
import { MemoryStore } from './simulator/memory-store.ts';

storeLaws('in memory', async () => ({ store: new MemoryStore() }));
