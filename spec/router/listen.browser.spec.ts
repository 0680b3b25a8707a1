import { Router } from '../../src/router/index.ts';

describe('Router in a browser', () => {
  it('has no server to start, and says so', async () => {
    await expectAsync(new Router({ realms: ['realm1'] }).listen()).toBeRejectedWithError(
      TypeError,
      'listen needs Node; in a page clients connect by router.transport()',
    );
  });
});
