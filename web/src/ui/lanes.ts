import type { RouteNode, RouteStep, StepState } from '../api/types.ts';

/** The steps of a part of the way that are or may be walked, branches within branches too. */
export function stepsOf(nodes: RouteNode[]): RouteStep[] {
  return nodes.flatMap((node) => {
    if (node.type === 'step') return [node];
    if (node.type === 'choose') return node.branches.flatMap((branch) => (branch.taken === false ? [] : stepsOf(branch.nodes)));
    return node.branches.flatMap((branch) => stepsOf(branch.nodes));
  });
}

/** Tells whether a part of the way was come to. */
export function hasBegun(node: RouteNode): boolean {
  return stepsOf([node]).some((step) => step.state !== 'waiting' && step.state !== 'skipped');
}

const OVER: StepState[] = ['done', 'declined', 'skipped'];
const FIRST: StepState[] = ['failed', 'rejected', 'returned', 'open'];

/** How a whole lane stands: what needs somebody comes first. */
export function stateOf(nodes: RouteNode[]): StepState {
  const states = stepsOf(nodes).map((step) => step.state);
  const telling = FIRST.find((state) => states.includes(state));
  if (telling) return telling;
  if (states.every((state) => state === 'skipped')) return states.length > 0 ? 'skipped' : 'done';
  if (states.every((state) => OVER.includes(state))) return 'done';
  return states.includes('done') || states.includes('declined') ? 'open' : 'waiting';
}
