// The page that owns the worker, and keeps what it tells.
const told: unknown[] = [];
const worker = new Worker(`worker.js${location.search}`, { type: 'module' });
worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  told.push(data);
});

export type OwnerPage = typeof globalThis & { readonly told: typeof told; readonly worker: Worker };
Object.assign(globalThis, { told, worker });
