import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runScript, ScriptError } from './lib/project.mjs';

const USAGE = `npm start -- [options]
  --viewer NAME    the viewer to serve: v3 (default), v3-next or v2, as pinned in .ohifrc
  --dicomweb URL   a DICOMweb service of your own, reached through this server
  --data DIR       a folder with DICOM files of your own, instead of the demo study
  --port N         the first port to try (default 3000)`;

await runScript(async () => {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  await ensureDependencies();
  const { startDemo } = await import('../demo/start.mjs');
  const demo = await startDemo(options);
  process.stdout.write(`\n${demo.address}\n${demo.howTo}\n`);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => void demo.close().then(() => process.exit(0)));
  }
});

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        viewer: { type: 'string', default: 'v3' },
        dicomweb: { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string', default: '3000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new Error(`--port ${values.port} is no port number`);
    if (values.dicomweb && values.data) throw new Error('--dicomweb and --data exclude each other');
    return { ...values, port };
  } catch (error) {
    throw new ScriptError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}
