using System.Buffers;

namespace MeshIoT.Mqtt.Broker;

/// <summary>A message of QoS 1 or 2 on its way to a client whose session outlives its connection.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="QoS">1 or 2, as the subscription has it.</param>
internal sealed record WaitingMessage(string Topic, ReadOnlySequence<byte> Payload, int QoS)
{
    /// <summary>True when it is the one of a packet: same topic and the very same bytes.</summary>
    public bool Is(string topic, ReadOnlySequence<byte> payload) =>
        ReferenceEquals(Payload.Start.GetObject(), payload.Start.GetObject()) && Payload.Length == payload.Length && Topic == topic;
}
