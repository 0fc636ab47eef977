using System;

namespace MeshIoT.Relay;

/// <summary>What an <see cref="EventLoop"/> calls, always on its own thread.</summary>
internal interface IReady
{
    /// <summary>Its descriptor is ready for these EPOLL… bits.</summary>
    void OnReady(uint events);

    /// <summary>The time it asked for has come; returns when it wants to be called next (long.MaxValue: not at all).</summary>
    long OnTime(long nowMs);

    /// <summary>One of the calls above threw; whatever it is, the loop and everybody else go on without it.</summary>
    void OnFailure(Exception why);
}
