import { mounts, newsroom } from './newsroom.ts';
import { example } from './support/index.ts';

newsroom('react', () => example('react'));
mounts('react', () => example('react'));
