#!/usr/bin/env node
// The command's entry point: loads the TypeScript sources as they are, so that no build step stands between a change and a run.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./cli.ts');
await main(process.argv.slice(2));
