//! A demonstration office for one test file: the program itself, on a free port, with data of its own
//! that is removed at the end. What the office holds is made by the tests through its pages.
// @ts-check

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;

/** The one password of the demonstration's accounts, as its welcome says it. */
export const PASSWORD = 'motcua-demo';

/** @typedef {{ url: string, errors: () => string, goDown: () => Promise<void>, comeBack: () => Promise<void>, stop: () => Promise<void> }} Office */

/** @returns {Promise<number>} a port that was free just now */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Starts the program and waits for its first line, which is its address.
 * @param {{ at?: string, config?: string }} [options] at: where the office's clock stands, `2026-11-23T08:00`;
 *   config: the text of a configuration file
 * @returns {Promise<Office>}
 */
export async function startOffice({ at, config } = {}) {
  const program = process.env.MOTCUA_BIN;
  if (!program) throw new Error('MOTCUA_BIN must name the program; ./test e2e sets it');
  const data = await mkdtemp(join(tmpdir(), 'motcua-e2e-'));
  const settings = join(data, 'cau-hinh.toml');
  if (config) await writeFile(settings, config);
  const port = await freePort();
  let errors = '';
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  let ended = Promise.resolve();
  const removeData = () => rm(data, { recursive: true, force: true, maxRetries: 3 });

  /** @returns {Promise<string>} */
  const start = () => new Promise((resolve, reject) => {
    const started = spawn(program, ['demo', '--port', String(port), '--data', data, ...(at ? ['--at', at] : []), ...(config ? ['--config', settings] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    ended = new Promise((gone) => { started.once('close', () => gone()); });
    started.stderr.setEncoding('utf8').on('data', (text) => { errors += text; });
    const late = setTimeout(() => reject(new Error(`no address after ${START_LIMIT_MS} ms\n${errors}`)), START_LIMIT_MS);
    started.once('error', reject);
    started.once('close', (code) => reject(new Error(`the program ended with ${code} before it was ready\n${errors}`)));
    // Read on after the first line: a full pipe would stop the program.
    createInterface({ input: started.stdout }).once('line', (line) => {
      clearTimeout(late);
      resolve(line.trim());
    });
  });
  const goDown = async () => {
    child?.kill('SIGTERM');
    const hard = setTimeout(() => child?.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(hard);
  };
  const url = await start().catch(async (error) => {
    await goDown();
    await removeData();
    throw error;
  });

  return {
    url,
    errors: () => errors,
    goDown,
    comeBack: async () => { await start(); },
    stop: async () => {
      await goDown();
      await removeData();
    },
  };
}
