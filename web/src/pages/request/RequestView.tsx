export function RequestView(props: { id: string; task?: number; onActed: () => void }) {
  return <p>{props.id}</p>;
}
