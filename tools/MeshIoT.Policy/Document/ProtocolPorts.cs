using System.Collections.Immutable;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Document;

/// <summary>What a rule opens: a protocol (null = TCP, UDP and ICMP, the packet filter's default) and ports.</summary>
internal sealed record ProtocolPorts(int? Protocol, ImmutableArray<PortRange> Ports)
{
    public static ProtocolPorts Any { get; } = new(null, [PortRange.Any]);
}
