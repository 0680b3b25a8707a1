import { newsroom } from './newsroom.ts';
import { example } from './support/index.ts';

newsroom('page', () => example('page'));
