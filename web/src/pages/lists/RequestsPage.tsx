export function RequestsPage() { return <p />; }
