import { MessageChannel } from 'node:worker_threads';
import type { KeyAreaService } from '../../src/viewer/service';
import { createKeyAreaClient } from '../../src/worker/client';
import type { WorkerChannel } from '../../src/worker/connection';
import type { Channel } from '../../src/worker/protocol';
import { serve } from '../../src/worker/serve';

/** A client and its workers, all in one thread; messages are still copied or transferred. */
export function connect(workers = 1, onStart = () => {}): KeyAreaService {
  return createKeyAreaClient(() => {
    onStart();
    const { port1, port2 } = new MessageChannel();
    serve(port2 as unknown as Channel);
    port2.start();
    port1.start();
    return Object.assign(port1, { terminate: () => port1.close() }) as unknown as WorkerChannel;
  }, workers);
}
