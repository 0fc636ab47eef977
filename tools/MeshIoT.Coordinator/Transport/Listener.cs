namespace MeshIoT.Coordinator;

/// <summary>Through which door a request came; a feature of its connection. What a door does not serve does not exist behind it.</summary>
internal sealed record Listener(ListenerKind Kind);
