import { mounts, newsroom } from './newsroom.ts';
import { example } from './support/index.ts';

newsroom('svelte', () => example('svelte'));
mounts('svelte', () => example('svelte'));
