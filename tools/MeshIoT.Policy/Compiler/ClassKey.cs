using System;
using System.Net;

namespace MeshIoT.Policy.Compiler;

/// <summary>What nodes of one class have in common: the names that mean them, the routes behind them, whether they have IPv4.</summary>
internal sealed class ClassKey(int[] selectors, IPNetwork[] subnets, bool exit, bool noIPv4) : IEquatable<ClassKey>
{
    public int[] Selectors { get; } = selectors;

    public IPNetwork[] Subnets { get; } = subnets;

    public bool Exit { get; } = exit;

    public bool NoIPv4 { get; } = noIPv4;

    public bool Equals(ClassKey? other) => other is not null && Exit == other.Exit && NoIPv4 == other.NoIPv4
        && Selectors.AsSpan().SequenceEqual(other.Selectors) && Subnets.AsSpan().SequenceEqual(other.Subnets);

    public override bool Equals(object? obj) => Equals(obj as ClassKey);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (int selector in Selectors)
        {
            hash.Add(selector);
        }

        foreach (IPNetwork subnet in Subnets)
        {
            hash.Add(subnet);
        }

        hash.Add(Exit);
        hash.Add(NoIPv4);
        return hash.ToHashCode();
    }
}
