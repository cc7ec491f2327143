import type { Call } from './api.ts';
import { noContent, ok, paged, problem } from './answers.ts';
import { changeCalendar } from './calendar.ts';
import type { LoggedIn } from './model.ts';
import { pilots } from './pilots.ts';
import { releases } from './releases.ts';
import type { World } from './world.ts';

/** What administrators see and do. */
export function admin(world: World, now: Date, call: Call, me: LoggedIn): Response | null {
  const { parts: [, what, id, action], query, request } = call;
  if (me.person.can.length === 0) return problem(403, 'forbidden', '你没有这项权限');
  const engine = world.engine(me.company.id);
  if (what === 'incidents') {
    const items = world.instances
      .filter((instance) => instance.company === me.company.id)
      .flatMap((instance) =>
        instance.incidents.map((incident) => ({
          ...incident,
          instance: instance.id,
          number: instance.number,
          flow_title: engine.flow(instance.flow).title,
        })),
      );
    return ok({ items });
  }
  if (what === 'messages') {
    if (request.method === 'GET') return ok({ items: world.parked });
    world.parked = world.parked.filter((message) => message.id !== id);
    return noContent();
  }
  if (what === 'calendar') return changeCalendar(call, me);
  if (what === 'pilots') return pilots(now, call, me);
  if (what === 'releases') return ok({ items: releases(now) });
  if (what !== 'people') return null;
  const person = me.company.people.find((candidate) => candidate.id === id);
  if (request.method === 'GET') {
    const text = query.get('q') ?? '';
    const items = me.company.people
      .filter((candidate) => `${candidate.name}${candidate.login}${candidate.department}`.includes(text))
      .map(({ can: _can, roles, ...rest }) => ({ ...rest, roles: roles.map((role) => me.company.roles[role] ?? { zh: role }) }));
    return ok(paged(items, query));
  }
  if (action === 'password-reset')
    return ok({ link: 'https://zhupi.example.com/reset#good', expires_at: new Date(now.getTime() + 86_400_000).toISOString() });
  if (person) person.active = action === 'activate';
  return ok({});
}
