using System;

namespace MeshIoT.Relay;

/// <summary>What an <see cref="EventLoop"/> calls, always on its own thread.</summary>
internal interface IReady
{
    /// <summary>A call costs as much as hundreds of packets: it waits until they have been dealt with.</summary>
    bool IsCostly { get; }

    /// <summary>Its descriptor is ready for these EPOLL… bits.</summary>
    void OnReady(uint events);

    /// <summary>The time it asked for has come; returns when it wants to be called next (long.MaxValue: not at all).</summary>
    long OnTime(long nowMs);

    /// <summary>One of the calls above threw; whatever it is, the loop and everybody else go on without it.</summary>
    void OnFailure(Exception why);
}
