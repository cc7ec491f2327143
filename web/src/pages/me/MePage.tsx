export function MePage() { return <p />; }
