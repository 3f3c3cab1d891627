import { MessageChannel } from 'node:worker_threads';
import type { KeyAreaService } from '../../src/viewer/service';
import { createKeyAreaClient, type WorkerChannel } from '../../src/worker/client';
import type { Channel } from '../../src/worker/protocol';
import { serve } from '../../src/worker/serve';

/** A client and the worker's service, connected in one thread; messages are still copied or transferred. */
export function connect(): KeyAreaService {
  return createKeyAreaClient(() => {
    const { port1, port2 } = new MessageChannel();
    serve(port2 as unknown as Channel);
    port2.start();
    port1.start();
    return Object.assign(port1, { terminate: () => port1.close() }) as unknown as WorkerChannel;
  });
}
