import { useCallback, useMemo, useState } from 'react';
import type { ClientForm, Json, JsonObject, ProblemError, Text } from '../api/types.ts';
import { accessIn, type AccessOf } from './access.ts';
import { check, type FieldError } from './check.ts';
import { withDefaults } from './defaults.ts';
import { lookedUpPlaces } from './lookups.ts';
import { isBlank, type FormModel } from './model.ts';
import { valueAt, withValue } from './pointer.ts';
import { readForm } from './read.ts';
import { settle } from './settle.ts';

/** A form while somebody fills it. */
export interface FormState {
  model: FormModel;
  access: AccessOf;
  masked: string[];
  data: JsonObject;
  /** What would be sent: conditional fields that do not exist are left out. */
  settled: JsonObject;
  set: (pointer: string, value: Json | undefined) => void;
  /**
   * Takes over what the server looked up, by place; null where it found nothing. Nobody changed anything by it. Without an
   * answer what was known stays.
   */
  learn: (found: Record<string, Json> | undefined) => void;
  /** Whether the server looked for the value of a place and found nothing. */
  missed: (pointer: string) => boolean;
  /** Puts other data in the place of all. */
  replace: (data: JsonObject) => void;
  /** Says that a field was left, so that its error may be shown. */
  touch: (pointer: string) => void;
  errorAt: (pointer: string) => Text | string | undefined;
  /** The errors to list above the form; none before the first try to send it. */
  summary: { pointer: string; message: Text | string }[];
  /** Shows every error; tells whether there is none. */
  validate: () => boolean;
  /** Takes over what the server found. */
  refuse: (errors: ProblemError[]) => void;
  changed: boolean;
}

interface Progress {
  data: JsonObject;
  touched: ReadonlySet<string>;
  tried: boolean;
  fromServer: ProblemError[];
  changed: boolean;
  /** What was looked up last, by place. */
  found: Record<string, Json>;
}

/** Keeps the state of a form that starts from what the server sent, or from a draft of it. */
export function useFormState(form: ClientForm, draft?: JsonObject): FormState {
  const model = useMemo(() => readForm(form.schema), [form.schema]);
  const access = useMemo(() => accessIn(form), [form]);
  const [progress, setProgress] = useState<Progress>(() => ({
    data: draft ?? (isNew(form) ? withDefaults(model.root, form.data) : form.data),
    touched: new Set(),
    tried: false,
    fromServer: [],
    changed: false,
    found: {},
  }));
  const { data, touched, tried, fromServer } = progress;
  const settled = useMemo(() => settle(model.root, data, access).data, [model, data, access]);
  const errors = useMemo(() => check(model, data, access), [model, data, access]);

  const set = useCallback((pointer: string, value: Json | undefined) => {
    setProgress((before) => edited(before, pointer, value));
  }, []);
  const learn = useCallback((found: Record<string, Json> | undefined) => {
    setProgress((before) => learned(before, found, lookedUpPlaces(model.root, before.data)));
  }, [model]);
  const replace = useCallback((next: JsonObject) => {
    setProgress({ data: next, touched: new Set(), tried: false, fromServer: [], changed: false, found: {} });
  }, []);
  const touch = useCallback((pointer: string) => {
    setProgress((before) =>
      before.touched.has(pointer) ? before : { ...before, touched: new Set(before.touched).add(pointer) },
    );
  }, []);

  return {
    model,
    access,
    masked: form.masked,
    data,
    settled,
    set,
    learn,
    missed: (pointer) => progress.found[pointer] === null,
    replace,
    touch,
    errorAt: (pointer) => shownError(pointer, errors, progress),
    summary: summaryOf(errors, tried, fromServer),
    validate: () => {
      setProgress((before) => ({ ...before, tried: true, fromServer: [] }));
      return errors.length === 0;
    },
    refuse: (found) => setProgress((before) => ({ ...before, tried: true, fromServer: found })),
    changed: progress.changed || touched.size > 0,
  };
}

/** What a change makes of the state: the server's word on that place, and on what is inside it, no longer counts. */
export function edited<State extends Progress>(before: State, pointer: string, value: Json | undefined): State {
  const data = withValue(before.data, pointer, value);
  const fromServer = before.fromServer.filter((error) => !concerns(pointer, error.pointer));
  return { ...before, data, fromServer, changed: true };
}

/**
 * What was looked up, in its places; it changes nothing that somebody would have to keep. A place of which nothing is said is
 * empty: what it would be found by is not filled in. What is said of a place that has gone meanwhile, a row that was taken
 * away, is let go. Where nothing was worked out, because something else cannot be read yet, everything stays.
 */
export function learned<State extends Progress>(
  before: State,
  answer: Record<string, Json> | undefined,
  places: string[],
): State {
  if (answer === undefined) return before;
  const found = Object.fromEntries(Object.entries(answer).filter(([at]) => places.includes(at)));
  const news = places.filter((at) => (valueAt(before.data, at) ?? null) !== (found[at] ?? null));
  const data = news.reduce((known, at) => withValue(known, at, found[at] ?? undefined), before.data);
  const asBefore = [...new Set([...places, ...Object.keys(before.found)])].every((at) => before.found[at] === found[at]);
  return news.length === 0 && asBefore ? before : { ...before, data, found };
}

function concerns(pointer: string, other: string): boolean {
  return other === pointer || other.startsWith(`${pointer}/`) || pointer.startsWith(`${other}/`);
}

function shownError(
  pointer: string,
  errors: FieldError[],
  { touched, tried, fromServer }: Progress,
): Text | string | undefined {
  const said = fromServer.find((error) => error.pointer === pointer);
  if (said) return said.message;
  const found = errors.find((error) => error.pointer === pointer);
  // Being empty is no mistake before somebody tries to send it.
  return found && (tried || (touched.has(pointer) && found.keyword !== 'required')) ? found.message : undefined;
}

function summaryOf(errors: FieldError[], tried: boolean, fromServer: ProblemError[]): FormState['summary'] {
  if (!tried) return [];
  const said = new Set(fromServer.map((error) => error.pointer));
  return [...fromServer, ...errors.filter((error) => !said.has(error.pointer))];
}

/** Only a form that nobody has filled yet begins with defaults. */
function isNew(form: ClientForm): boolean {
  return Object.values(form.data).every(isBlank);
}
