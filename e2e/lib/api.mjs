//! Dossiers made through the API, where a test is about what comes after: one token an officer.
// @ts-check

import assert from 'node:assert/strict';
import { PASSWORD } from './server.mjs';

/** An officer of the demonstration who calls the API. */
export class Caller {
  /** @param {string} url of the office @param {string} token */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /** @param {string} url @param {string} login */
  static async of(url, login) {
    const answer = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ login, password: PASSWORD }),
    });
    assert.equal(answer.status, 200, login);
    return new Caller(url, (await answer.json()).token);
  }

  /** @param {string} path @param {unknown} [body] sent by POST; nothing is read by GET */
  async ask(path, body) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${this.token}` },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** @param {string} dossier @param {object} act */
  act(dossier, act) {
    return this.ask(`/dossiers/${dossier}/acts`, act);
  }
}

export const ANSWERS = {
  title: 'Chứng thực bản sao từ bản chính',
  body: 'Bản sao này đúng với bản chính.',
  signer_capacity: 'TM. Ủy ban nhân dân',
  signer_name: 'Lê Văn Bình',
};

/**
 * From the specialist's hands to the leader's.
 * @param {Caller} specialist
 * @param {string} id of the dossier
 */
export async function submitDraft(specialist, id) {
  await specialist.act(id, { act: 'take' });
  await specialist.act(id, { act: 'draft', answers: ANSWERS });
  await specialist.act(id, { act: 'finish_step', to: 'ky', opinion: 'Đủ điều kiện' });
}

/**
 * A copy to be certified that was received at the counter.
 * @param {Caller} counter
 * @param {number} n makes a person of its own
 * @returns {Promise<string>} the dossier's id
 */
export async function receivedCopy(counter, n) {
  const number = `038191${String(100_000 + n)}`;
  const applicant = { number, name: `Nguyễn Thị Ngoãn ${n}`, born_on: '14/03/1991', sex: 'nu', address: 'Thôn Đông Hạ', phone: '' };
  const { id } = await counter.ask('/dossiers', { procedure: '2.000815', applicant });
  await counter.act(id, { act: 'mark', component: 'ban-chinh', mark: 'shown' });
  await counter.act(id, { act: 'mark', component: 'ban-sao', mark: 'on_paper' });
  await counter.act(id, { act: 'receive' });
  return id;
}

/**
 * A copy to be certified whose draft waits for the leader's signature.
 * @param {{ counter: Caller, specialist: Caller }} desks
 * @param {number} n makes a person of its own
 * @returns {Promise<string>} the dossier's id
 */
export async function draftedCopy({ counter, specialist }, n) {
  const id = await receivedCopy(counter, n);
  await submitDraft(specialist, id);
  return id;
}
