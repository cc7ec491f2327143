export function PeoplePage() { return <p />; }
