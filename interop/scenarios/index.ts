// All scenarios, in the order in which they run: what costs little comes first.
import type { Scenario } from '../scenario.ts';
import { scenarios as access } from './access.ts';
import { scenarios as cancel } from './cancel.ts';
import { scenarios as chaos } from './chaos.ts';
import { scenarios as errors } from './errors.ts';
import { scenarios as meta } from './meta.ts';
import { scenarios as places } from './places.ts';
import { scenarios as progress } from './progress.ts';
import { scenarios as pubsub } from './pubsub.ts';
import { scenarios as reconnect } from './reconnect.ts';
import { scenarios as rolling } from './rolling.ts';
import { scenarios as rpc } from './rpc.ts';
import { scenarios as sharing } from './sharing.ts';
import { scenarios as wampy } from './wampy.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...rpc,
  ...errors,
  ...progress,
  ...cancel,
  ...pubsub,
  ...sharing,
  ...access,
  ...places,
  ...wampy,
  ...rolling,
  ...meta,
  ...reconnect,
  ...chaos,
];
