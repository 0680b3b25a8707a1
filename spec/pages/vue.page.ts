import { mounts, newsroom } from './newsroom.ts';
import { example } from './support/index.ts';

newsroom('vue', () => example('vue'));
mounts('vue', () => example('vue'));
