namespace MeshIoT.Relay;

/// <summary>Which queue a frame waits in while its client cannot take it.</summary>
internal enum Lane
{
    /// <summary>What the relay itself has to say.</summary>
    Control,

    /// <summary>Path discovery: small, and worth more than data when a path is bad.</summary>
    Disco,

    /// <summary>Everything else.</summary>
    Other,
}
