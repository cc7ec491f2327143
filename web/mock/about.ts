import type { About, AboutRecord, JsonObject } from '../src/api/types.ts';
import { problem, Refused } from './answers.ts';
import { isObject } from './engine.ts';
import type { Flow, LoggedIn } from './model.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;
const ZONE = 'Asia/Shanghai';

/** Which records a flow may be started about, as a company of the stand-in keeps them. */
export interface AboutRule {
  required: boolean;
  records: StoredRecord[];
}

export interface StoredRecord extends Omit<AboutRecord, 'recorded_at' | 'until'> {
  /** Who may start something about it. */
  person: string;
  hours_ago: number;
  /** How long it can still be started; below zero, that is over; none: no time is told. */
  hours_left?: number;
  /** What it fills in. */
  form: JsonObject;
}

/** What a person may choose from; none where the flow asks for no record. */
export function offered(world: World, { about, flow }: Flow, me: LoggedIn): { about?: { required: boolean; records: AboutRecord[] } } {
  if (!about) return {};
  const mine = about.records.filter((record) => isOpen(record, me) && !taken(world, flow, record, me));
  return { about: { required: about.required, records: mine.map((record) => shown(record, world.now())) } };
}

/** The record that was asked for; refuses what may not be. */
export function chosen({ about: rule }: Flow, asked: About, me: LoggedIn): StoredRecord {
  const found = rule?.records.find((record) => record.fact === asked.fact && record.id === asked.id && isOpen(record, me));
  if (!found) throw refused('about_gone', '这条记录不存在、已过期限，或者您不能就它发起申请');
  return found;
}

/** What is submitted about a record, with what it fills in; refuses what may not be. */
export function filled(world: World, flow: Flow, body: JsonObject, me: LoggedIn): { form: JsonObject; about?: string } {
  const form = isObject(body['form']) ? body['form'] : {};
  const asked = aboutOf(body['about']);
  if (!asked) {
    if (flow.about?.required) throw refused('about_required', '请选择针对哪条记录');
    return { form };
  }
  const record = chosen(flow, asked, me);
  if (taken(world, flow.flow, record, me)) throw refused('about_taken', '这条记录已有申请，不能重复发起');
  return { form: { ...form, ...record.form }, about: keyOf(record) };
}

/** The record in a query or a body, if both parts are there. */
export function aboutOf(from: unknown): About | undefined {
  const part = (name: string) =>
    from instanceof URLSearchParams ? from.get(name === 'fact' ? 'about' : name) : isObject(from) ? from[name] : null;
  const [fact, id] = [part('fact'), part('id')];
  return typeof fact === 'string' && typeof id === 'string' ? { fact, id } : undefined;
}

function isOpen({ person, hours_left = 1 }: StoredRecord, me: LoggedIn): boolean {
  return person === me.person.id && hours_left >= 0;
}

function taken(world: World, flow: string, record: StoredRecord, me: LoggedIn): boolean {
  const same = world.instances.filter((one) => one.company === me.company.id && one.flow === flow && one.about === keyOf(record));
  return same.some((one) => one.status !== 'withdrawn');
}

function shown({ fact, id, title, fields, hours_ago, hours_left }: StoredRecord, now: Date): AboutRecord {
  const at = (hours: number) => local(new Date(now.getTime() + hours * HOUR_MS));
  const until = hours_left === undefined ? {} : { until: at(hours_left) };
  return { fact, id, title, fields, recorded_at: at(-hours_ago), ...until };
}

function local(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }).format(at);
}

function keyOf({ fact, id }: About): string {
  return `${fact}/${id}`;
}

function refused(code: string, detail: string): Refused {
  return new Refused(problem(422, code, '请求有误', { detail }));
}
