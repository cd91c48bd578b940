/** For drizzle-kit: `npx drizzle-kit generate --config src/db/drizzle.config.ts` writes the next migration. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './src/db/schema.ts', out: './migrations' });
