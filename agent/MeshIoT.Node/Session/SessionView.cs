namespace MeshIoT.Node.Session;

/// <summary>How the session with the coordinator stands. Immutable.</summary>
/// <param name="State">As shown to people.</param>
/// <param name="Connected">Whether the map stream is up.</param>
internal sealed record SessionView(BackendState State, bool Connected = false);
