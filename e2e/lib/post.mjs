//! A mail server for one test file: it takes every message and keeps it.
// @ts-check

import { createServer } from 'node:net';

/** @typedef {{ port: number, letters: string[], close: () => Promise<void> }} Post */

/** @returns {Promise<Post>} */
export function startPost() {
  /** @type {string[]} */
  const letters = [];
  const server = createServer((socket) => {
    let heard = '';
    let letter = '';
    let inData = false;
    socket.on('error', () => {});
    socket.write('220 thu\r\n');
    socket.setEncoding('utf8').on('data', (text) => {
      heard += text;
      for (let end = heard.indexOf('\r\n'); end >= 0; end = heard.indexOf('\r\n')) {
        const line = heard.slice(0, end);
        heard = heard.slice(end + 2);
        if (inData && line === '.') {
          inData = false;
          letters.push(letter);
          letter = '';
          socket.write('250 ok\r\n');
        } else if (inData) {
          letter += `${line}\r\n`;
        } else if (line === 'DATA') {
          inData = true;
          socket.write('354 go on\r\n');
        } else {
          socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
        }
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ port, letters, close: () => new Promise((gone) => { server.close(() => gone()); }) });
    });
  });
}

/**
 * The code in a letter, whose words may be packed.
 * @param {string} letter
 */
export function codeIn(letter) {
  const parts = letter.split('\r\n\r\n').map((part) => Buffer.from(part.split('\r\n--')[0], 'base64').toString('utf8'));
  const words = [letter.replaceAll('=\r\n', ''), ...parts].join('\n');
  return /: (\d{6})\b/.exec(words)?.[1] ?? '';
}
