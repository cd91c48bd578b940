#!/usr/bin/env node
// The command's entry point: runs the TypeScript sources in the state they are in, so that no build step stands between a change and a run.
import { joinedSources } from './joined-sources.js';

const joined = await joinedSources('cli');
if (joined === null) (await import('tsx/esm/api')).register();
else process.setSourceMapsEnabled(true);
const { main } = await import(joined ?? './cli.ts');
await main(process.argv.slice(2));
