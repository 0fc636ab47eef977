using System;

namespace MeshIoT.Node.Session;

/// <summary>How the session with the coordinator stands. Immutable.</summary>
/// <param name="State">As shown to people.</param>
/// <param name="AuthUrl">The page that approves the node, while it waits for that.</param>
/// <param name="Connected">Whether the map stream is up.</param>
internal sealed record SessionView(BackendState State, Uri? AuthUrl = null, bool Connected = false);
