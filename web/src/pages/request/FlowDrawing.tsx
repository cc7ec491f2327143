import { Graph, layout } from '@dagrejs/dagre';
import { Background, Controls, Handle, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo, useRef } from 'react';
import type { RouteChoice, RouteNode, RouteStep } from '../../api/types.ts';
import { useText, useWords } from '../../words/index.ts';
import { drawnRoute, STEP_HEIGHT, STEP_WIDTH, type DrawnNode } from './drawn-route.ts';
import '../../styles/flow-drawing.css';

type StepNode = Node<{ step: RouteStep }, 'step'>;
type StuckNode = Node<{ choice: RouteChoice }, 'stuck'>;
type JoinNode = Node<{ label: string }, 'join'>;
type Drawn = StepNode | StuckNode | JoinNode;

const READABLE_ZOOM = 0.9;
const MARGIN = 20;
const LABEL_WIDTH = 130;

const nodeTypes = { step: StepBox, stuck: StuckBox, join: JoinDot };

/** The drawn flow: boxes from top to bottom, branches side by side, each in the colour of its state. */
export default function FlowDrawing({ route }: { route: RouteNode[] }) {
  const text = useText();
  const { nodes, edges } = useMemo(() => place(route, text), [route, text]);
  const frame = useRef<HTMLDivElement>(null);
  return (
    <div className="flow-drawing" ref={frame}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onInit={(flow) => void flow.setViewport(firstView(frame.current, nodes))}
        minZoom={0.4}
        maxZoom={1.5}
        panOnScroll
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={20} color="#e6e0d6" />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function place(
  route: RouteNode[],
  text: ReturnType<typeof useText>,
): { nodes: Drawn[]; edges: Edge[] } {
  const drawn = drawnRoute(route);
  const graph = new Graph().setGraph({ rankdir: 'TB', nodesep: 40, ranksep: 46 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of drawn.nodes) graph.setNode(node.id, sizeOf(node));
  // A branch without steps needs room for its name beside the others.
  for (const edge of drawn.edges) graph.setEdge(edge.from, edge.to, edge.label ? { width: LABEL_WIDTH, height: 18 } : {});
  layout(graph);
  const nodes = drawn.nodes.map((node): Drawn => {
    const { x, y } = graph.node(node.id);
    const { width, height } = sizeOf(node);
    const shared = { id: node.id, position: { x: x - width / 2, y: y - height / 2 } };
    if (node.step) return { ...shared, type: 'step', data: { step: node.step } };
    if (node.failed) return { ...shared, type: 'stuck', data: { choice: node.failed } };
    return { ...shared, type: 'join', data: { label: '' } };
  });
  const edges = drawn.edges.map(
    (edge): Edge => ({
      id: `${edge.from}-${edge.to}`,
      source: edge.from,
      target: edge.to,
      type: 'smoothstep',
      className: edge.walked ? 'walked' : edge.taken ? 'ahead' : 'not-taken',
      ...(edge.label ? { label: text(edge.label) } : {}),
    }),
  );
  return { nodes, edges };
}

/** Shows the drawing at a size that can be read: all of it where there is room, else its beginning. */
function firstView(frame: HTMLElement | null, nodes: Drawn[]): { x: number; y: number; zoom: number } {
  const { width = 800, height = 500 } = frame?.getBoundingClientRect() ?? {};
  const right = Math.max(...nodes.map((node) => node.position.x + STEP_WIDTH));
  const bottom = Math.max(...nodes.map((node) => node.position.y + STEP_HEIGHT));
  const zoom = Math.min(
    1,
    Math.max(READABLE_ZOOM, Math.min((width - 2 * MARGIN) / right, (height - 2 * MARGIN) / bottom)),
  );
  return { x: (width - right * zoom) / 2, y: Math.max(MARGIN, (height - bottom * zoom) / 2), zoom };
}

function sizeOf(node: DrawnNode): { width: number; height: number } {
  return node.step || node.failed ? { width: STEP_WIDTH, height: STEP_HEIGHT } : { width: 10, height: 10 };
}

function StepBox({ data: { step } }: NodeProps<StepNode>) {
  const words = useWords();
  const text = useText();
  const people = step.people.filter((entry) => entry.state !== 'cancelled').map((entry) => entry.person.name);
  const who =
    people.length > 0
      ? people.slice(0, 3).join(words.common.join) + (people.length > 3 ? '…' : '')
      : words.step.kind[step.kind];
  return (
    <div className={`flow-step ${step.state}`}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <strong>{text(step.title)}</strong>
      <span>
        {who} · {words.step.state[step.state]}
      </span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

/** Where the request stopped because a condition could not be decided. */
function StuckBox({ data: { choice } }: NodeProps<StuckNode>) {
  const words = useWords();
  const text = useText();
  const reason = choice.reason ? text(choice.reason) : words.step.state.failed;
  return (
    <div className="flow-step failed" title={reason}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <strong>{words.step.choiceFailed}</strong>
      <span>{reason}</span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

function JoinDot() {
  return (
    <div className="flow-join">
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}
