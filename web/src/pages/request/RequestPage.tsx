export function RequestPage() { return <p />; }
