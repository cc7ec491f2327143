import type { Call } from './api.ts';
import { ok, problem } from './answers.ts';
import type { LoggedIn } from './model.ts';
import type { World } from './world.ts';

interface Named {
  person: string;
  from?: unknown;
  until?: unknown;
  flows: string[];
}

/** Who acts for somebody: kept and shown; the stand-in opens no tasks to them. */
export function substitutes(world: World, of: string, { request, parts, body }: Call, me: LoggedIn): Response {
  const key = `${me.company.id}/${of}`;
  const named = (world.substitutes.get(key) ?? []) as Named[];
  const wish = { ...body, flows: (body['flows'] ?? []) as string[] } as Named;
  if (request.method === 'POST') {
    if (!me.company.people.some(({ id }) => id === wish.person)) {
      return problem(422, 'no_such_person', '没有这个人，或已离职');
    }
    if (wish.person === of) return problem(422, 'substitute_self', '不能指定本人为代理人');
    const others = named.filter((one) => one.person !== wish.person);
    world.substitutes.set(key, parts.at(-1) === 'end' ? others : [...others, wish]);
  }
  const title = (flow: string) => ({ flow, title: me.company.flows.find((one) => one.flow === flow)?.title });
  const row = (person: string, one: Named) => ({
    ...one,
    person: { id: person, name: me.company.people.find(({ id }) => id === person)?.name ?? person },
    flows: one.flows.map(title),
    active: true,
  });
  const mine = ((world.substitutes.get(key) ?? []) as Named[]).map((one) => row(one.person, one));
  return ok({ mine, for_others: [], flows: me.company.flows.map(({ flow }) => title(flow)) });
}
