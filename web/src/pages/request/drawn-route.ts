import type { RouteChoice, RouteEach, RouteNode, RouteParallel, RouteStep, Text } from '../../api/types.ts';
import { hasBegun, stateOf } from '../../ui/lanes.ts';

export const STEP_WIDTH = 196;
export const STEP_HEIGHT = 58;

/** A box of the drawing, or the point where branches part and meet; a box again where a choice could not be made. */
export interface DrawnNode {
  id: string;
  step: RouteStep | null;
  failed: RouteChoice | null;
}

export interface DrawnEdge {
  from: string;
  to: string;
  label: Text | null;
  taken: boolean;
  walked: boolean;
}

export interface Drawn {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
}

interface End {
  id: string;
  label: Text | null;
  taken: boolean;
}

/** Turns the nested route into boxes and arrows. */
export function drawnRoute(route: RouteNode[]): Drawn {
  const drawn: Drawn = { nodes: [], edges: [] };
  sequence(route, [], drawn);
  return drawn;
}

/** Draws nodes one after another behind the open ends; gives the ends that are open afterwards. */
function sequence(nodes: RouteNode[], open: End[], drawn: Drawn): End[] {
  return nodes.reduce(
    (ends, node) => {
      if (node.type === 'step') return step(node, ends, drawn);
      return node.type === 'choose' ? choice(node, ends, drawn) : together(node, ends, drawn);
    },
    open,
  );
}

function step(node: RouteStep, open: End[], drawn: Drawn): End[] {
  const id = add(drawn, node);
  join(open, id, drawn, node.state !== 'waiting' && node.state !== 'skipped');
  return [{ id, label: null, taken: open.every((end) => end.taken) }];
}

function choice(node: RouteChoice, open: End[], drawn: Drawn): End[] {
  const failed = node.state === 'failed';
  const fork = add(drawn, null, failed ? node : null);
  join(open, fork, drawn, failed);
  const ends = node.branches.flatMap((branch): End[] => {
    const start: End = { id: fork, label: branch.label, taken: branch.taken !== false };
    const after = sequence(branch.nodes, [start], drawn);
    return after.map((end) => ({ ...end, taken: branch.taken !== false }));
  });
  const meet = add(drawn, null);
  join(ends, meet, drawn, false);
  return [{ id: meet, label: null, taken: true }];
}

/** Branches that are all walked part from one point and meet in another. */
function together(node: RouteParallel | RouteEach, open: End[], drawn: Drawn): End[] {
  const taken = open.every((end) => end.taken);
  const fork = add(drawn, null);
  join(open, fork, drawn, node.branches.some((branch) => branch.nodes.some(hasBegun)));
  const ends = node.branches.flatMap((branch) => sequence(branch.nodes, [{ id: fork, label: branch.label, taken }], drawn));
  const meet = add(drawn, null);
  // A list without items has no lanes.
  const over = ends.length > 0 && node.branches.every((branch) => stateOf(branch.nodes) === 'done');
  join(ends.length > 0 ? ends : [{ id: fork, label: null, taken }], meet, drawn, over);
  return [{ id: meet, label: null, taken }];
}

function add(drawn: Drawn, node: RouteStep | null, failed: RouteChoice | null = null): string {
  const id = String(drawn.nodes.length);
  drawn.nodes.push({ id, step: node, failed });
  return id;
}

function join(open: End[], to: string, drawn: Drawn, walked: boolean): void {
  for (const end of open)
    drawn.edges.push({ from: end.id, to, label: end.label, taken: end.taken, walked: walked && end.taken });
}
