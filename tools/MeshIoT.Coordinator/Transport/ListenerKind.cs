namespace MeshIoT.Coordinator;

/// <summary>The coordinator's doors.</summary>
internal enum ListenerKind
{
    /// <summary>The network, plain: the server key, the upgrade, the health check.</summary>
    Outer,

    /// <summary>Inside Noise: everything that nodes ask.</summary>
    Noise,

    /// <summary>The admin socket.</summary>
    Admin,
}
