namespace MeshIoT.Coordinator;

/// <summary>How a registration ended.</summary>
/// <param name="Node">The node as it is now; null when there is none.</param>
/// <param name="Kind">What happened to it.</param>
internal sealed record Registration(NodeRecord? Node, RegistrationKind Kind);
