using System.Threading;

namespace MeshIoT.Mqtt.Broker;

/// <summary>What the broker did so far, for metrics.</summary>
public sealed class BrokerCounters
{
    long connections, refused, received, sent, denied, dropped, ended;

    /// <summary>Connections now.</summary>
    public long Connections => Interlocked.Read(ref connections);

    /// <summary>Connections that were not let in.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Messages taken from clients.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Messages sent to clients.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Messages and subscriptions refused because the user may not, or a limit was reached.</summary>
    public long Denied => Interlocked.Read(ref denied);

    /// <summary>Messages dropped because a client was too slow or away for too long.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Connections ended because of what they sent, or did not send in time.</summary>
    public long Ended => Interlocked.Read(ref ended);

    internal long AddConnection(int by) => Interlocked.Add(ref connections, by);

    internal void CountRefused() => Interlocked.Increment(ref refused);

    internal void CountReceived() => Interlocked.Increment(ref received);

    internal void CountSent() => Interlocked.Increment(ref sent);

    internal void CountDenied() => Interlocked.Increment(ref denied);

    internal void CountDropped() => Interlocked.Increment(ref dropped);

    internal void CountEnded() => Interlocked.Increment(ref ended);
}
