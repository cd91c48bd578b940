/** The store keeps its contract on both databases. */
import { storeLaws } from '../laws/store.ts';
import { embeddedTestDatabase, postgresTestDatabase } from './database.ts';

storeLaws('embedded', embeddedTestDatabase);
storeLaws('postgres', postgresTestDatabase);
