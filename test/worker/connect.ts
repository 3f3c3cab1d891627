import { MessageChannel } from 'node:worker_threads';
import type { KeyAreaService } from '../../src/viewer/service';
import { createKeyAreaClient } from '../../src/worker/client';
import type { WorkerChannel } from '../../src/worker/connection';
import type { Channel } from '../../src/worker/protocol';
import { serve } from '../../src/worker/serve';

/**
 * A client and its workers, all in one thread; messages are still copied or transferred. `onStart` is told of each
 * worker, with what makes it fail as one does that ran out of memory.
 */
export function connect(workers = 1, onStart: (fail: () => void) => void = () => {}): KeyAreaService {
  return createKeyAreaClient(() => {
    const { port1, port2 } = new MessageChannel();
    onStart(() => port1.dispatchEvent(new Event('error')));
    serve(port2 as unknown as Channel);
    port2.start();
    port1.start();
    return Object.assign(port1, { terminate: () => port1.close() }) as unknown as WorkerChannel;
  }, workers);
}
