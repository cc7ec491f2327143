import { newIntent, send, write } from './fetch.ts';
import type {
  About,
  Acted,
  Ballot,
  DraftBody,
  JsonObject,
  Language,
  Preview,
  ReturnThen,
  Session,
  SetupRequest,
  TaskAction,
} from './types.ts';

const id = encodeURIComponent;

export const logIn = (body: { company: string; login: string; password: string }, intent: string) =>
  write<Session>('POST', '/session', { body, intent });

export const logOut = (intent: string) => write('DELETE', '/session', { intent });

export const setUp = (body: SetupRequest, intent: string) => write<Session>('POST', '/setup', { body, intent });

export const saveLanguage = (language: Language) => write('PUT', '/session/language', { body: { language } });

export const changePassword = (body: { old: string; new: string }, intent: string) =>
  write('PUT', '/session/password', { body, intent });

export const resetPassword = (token: string, password: string, intent: string) =>
  write<Session>('POST', `/password-resets/${id(token)}`, { body: { password }, intent });

export interface StartRequest {
  flow: string;
  form: JsonObject;
  period?: string | undefined;
  /** The record that it is about. */
  about?: About | undefined;
}

export const startInstance = (body: StartRequest, intent: string) =>
  write<{ id: string; number: string }>('POST', '/instances', { body, intent });

/** Asks where a request would go; changes nothing. */
export const previewRoute = ({ flow, ...body }: Omit<StartRequest, 'about'>, signal: AbortSignal) =>
  write<Preview>('POST', `/flows/${id(flow)}/preview`, { body, signal });

/** Keeps what was typed; `version` is what we last saw, absent for a first draft. Gives the new version. */
export async function saveDraft(key: string, body: DraftBody, version: string | undefined): Promise<string> {
  const guard: Record<string, string> =
    version === undefined ? { 'If-None-Match': '*' } : { 'If-Match': JSON.stringify(version) };
  const answer = await send<{ version: string }>('PUT', `/drafts/${id(key)}`, {
    body: { body },
    headers: guard,
    intent: newIntent(),
  });
  return answer.body.version;
}

export const deleteDraft = (key: string) => write('DELETE', `/drafts/${id(key)}`);

/** One decision on a task; what it carries depends on the action. */
export interface Decision {
  action: TaskAction;
  version: number;
  comment?: string | undefined;
  form?: JsonObject | undefined;
  data?: JsonObject | undefined;
  to?: string | undefined;
  then?: ReturnThen | undefined;
  ballot?: Ballot | undefined;
  minutes?: string | undefined;
}

export const act = (instance: string, task: number, { action, ...body }: Decision, intent: string) =>
  write<Acted>('POST', `/instances/${id(instance)}/tasks/${task}/${action}`, { body, intent });

export const comment = (instance: string, text: string, intent: string) =>
  write('POST', `/instances/${id(instance)}/comments`, { body: { text }, intent });

export const withdraw = (instance: string, reason: string, intent: string) =>
  write('POST', `/instances/${id(instance)}/withdraw`, { body: reason ? { reason } : {}, intent });

export const cancel = (instance: string, reason: string, intent: string) =>
  write('POST', `/instances/${id(instance)}/cancel`, { body: { reason }, intent });

export const retryIncident = (instance: string, incident: number, intent: string) =>
  write('POST', `/instances/${id(instance)}/incidents/${incident}/retry`, { body: {}, intent });

export const retryMessage = (message: string, intent: string) =>
  write('POST', `/admin/messages/${id(message)}/retry`, { body: {}, intent });

export const makeResetLink = (person: string, intent: string) =>
  write<{ link: string; expires_at: string }>('POST', `/admin/people/${id(person)}/password-reset`, {
    body: {},
    intent,
  });

export const deactivate = (person: string, reason: string, intent: string) =>
  write('POST', `/admin/people/${id(person)}/deactivate`, { body: { reason }, intent });

export const activate = (person: string, intent: string) =>
  write('POST', `/admin/people/${id(person)}/activate`, { body: {}, intent });
