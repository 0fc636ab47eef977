using System.Text.Json.Serialization;

namespace MeshIoT.Tailcfg;

/// <summary>Ports from <see cref="First"/> to <see cref="Last"/>, both included; 0-65535 = any.</summary>
public readonly record struct PortRange
{
    /// <summary>A range.</summary>
    [JsonConstructor]
    public PortRange(ushort first, ushort last) => (First, Last) = (first, last);

    /// <summary>Every port.</summary>
    public static PortRange Any { get; } = new(0, ushort.MaxValue);

    /// <summary>Lowest port.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ushort First { get; }

    /// <summary>Highest port.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ushort Last { get; }

    /// <summary>True if <paramref name="port"/> lies within.</summary>
    public bool Contains(int port) => port >= First && port <= Last;
}
