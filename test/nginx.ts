import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, freePort } from './localServer';

/**
 * nginx as Debian packages it, started for a test on a free port of this machine: OHIF's folder with this
 * extension's beside it, nginx's own MIME types, and a strict content security policy.
 */
const PROGRAM = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'].find(existsSync);
const MIME_TYPES = ['/etc/nginx/mime.types', '/opt/homebrew/etc/nginx/mime.types'].find(existsSync);
const STARTS = 5;

function hasNginx(): boolean {
  const found = PROGRAM !== undefined && MIME_TYPES !== undefined;
  if (!found && process.env.KEY_AREA_REQUIRE_READERS) {
    throw new Error('nginx is required here and not installed');
  }
  return found;
}

/** `describe` where nginx is there, else `describe.skip`; a failure where readers are required. */
export const describeWithNginx: jest.Describe = hasNginx() ? describe : describe.skip;

/** No worker from a blob, no code from strings; inline scripts are the viewer's own. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' blob: data:",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
].join('; ');

export interface Site {
  /** The viewer's `dist`. */
  readonly viewerFolder: string;
  /** This project's `dist/ohif`. */
  readonly extensionFolder: string;
  /** The text of app-config.js. */
  readonly appConfig: string;
  /** The origin of a server that answers below /dicomweb. */
  readonly dicomWeb: string;
}

export interface Nginx {
  readonly origin: string;
  stop(): Promise<void>;
}

export async function startNginx(site: Site): Promise<Nginx> {
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
    const port = await freePort();
    const child = await launch(folder, port, site);
    const origin = `http://127.0.0.1:${port}`;
    if (await answers(child, `${origin}/app-config.js`, site.appConfig)) {
      return { origin, stop: () => stop(child, folder) };
    }
    const log = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '');
    await rm(folder, { recursive: true, force: true });
    if (attempt === STARTS) throw new Error(`nginx does not start:\n${log.slice(-2000)}`);
  }
}

async function launch(folder: string, port: number, site: Site): Promise<ChildProcess> {
  const root = join(folder, 'site');
  await mkdir(join(root, 'extensions'), { recursive: true });
  for (const name of await readdir(site.viewerFolder)) {
    if (name !== 'app-config.js') await symlink(join(site.viewerFolder, name), join(root, name));
  }
  await symlink(site.extensionFolder, join(root, 'extensions', 'key-area-protection'));
  await writeFile(join(root, 'app-config.js'), site.appConfig);
  const upstream = new URL(site.dicomWeb);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const configuration = `
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http {
  include ${MIME_TYPES};
  default_type application/octet-stream;
  access_log off;
  client_max_body_size 200m;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    add_header Content-Security-Policy "${POLICY}";
    location / { try_files $uri $uri/ /index.html; }
    location /dicomweb/ {
      proxy_pass ${upstream.origin};
      proxy_set_header Host ${upstream.host};
      proxy_set_header Origin "";
    }
  }
}
`;
  const path = join(folder, 'nginx.conf');
  await writeFile(path, configuration);
  const args = ['-p', folder, '-c', path, '-e', join(folder, 'error.log')];
  const child = spawn(PROGRAM ?? '', args, { stdio: 'ignore' });
  child.on('error', () => {});
  return child;
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGQUIT');
  await ended;
  await rm(folder, { recursive: true, force: true });
}
