namespace MeshIoT.Coordinator;

/// <summary>What the first bytes of a connection are.</summary>
internal enum UpgradeReading
{
    /// <summary>They may become an upgrade request; more are needed.</summary>
    Incomplete,

    /// <summary>Something else, or an upgrade in an unusual form: the HTTP server's business.</summary>
    Other,

    /// <summary>A whole upgrade request.</summary>
    Complete,
}
