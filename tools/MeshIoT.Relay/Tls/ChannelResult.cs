namespace MeshIoT.Relay;

/// <summary>What a channel says instead of a number of bytes.</summary>
internal static class ChannelResult
{
    /// <summary>The other end has closed, or the connection is broken.</summary>
    public const int Ended = 0;

    /// <summary>Nothing more now: call again when the socket is readable.</summary>
    public const int WantRead = -1;

    /// <summary>Nothing more now: call again when the socket is writable.</summary>
    public const int WantWrite = -2;
}
