export function ChangePage() { return <p />; }
