using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace MeshIoT.Node.Naming;

/// <summary>
/// Names of the tailnet: full ("boiler.tail.example", with or without the last dot) or short ("boiler"), in any case.
/// A short name means the node of our own domain first. Immutable.
/// </summary>
internal sealed class NameTable
{
    readonly FrozenDictionary<string, NamedNode> byName;
    readonly FrozenDictionary<IPAddress, NamedNode> byAddress;

    NameTable(Dictionary<string, NamedNode> names, Dictionary<IPAddress, NamedNode> addresses)
    {
        byName = names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        byAddress = addresses.ToFrozenDictionary();
    }

    /// <summary>No names.</summary>
    public static NameTable Empty { get; } = new([], []);

    /// <summary>Builds the table; the first node is this one.</summary>
    public static NameTable Create(IReadOnlyList<NamedNode> nodes)
    {
        Dictionary<string, NamedNode> names = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<IPAddress, NamedNode> addresses = [];
        string domain = nodes.Count == 0 ? "" : DomainOf(nodes[0].FullName);
        foreach (NamedNode node in nodes)
        {
            names.TryAdd(node.FullName, node);
            foreach (IPAddress address in node.Addresses)
            {
                addresses.TryAdd(address, node);
            }
        }

        foreach (bool own in (bool[])[true, false])
        {
            foreach (NamedNode node in nodes)
            {
                if (DomainOf(node.FullName).Equals(domain, StringComparison.OrdinalIgnoreCase) == own)
                {
                    names.TryAdd(node.FullName.Split('.')[0], node);
                }
            }
        }

        return new NameTable(names, addresses);
    }

    /// <summary>Finds a node by name or by one of its addresses.</summary>
    public bool TryFind(string nameOrAddress, [NotNullWhen(true)] out NamedNode? node)
    {
        if (IPAddress.TryParse(nameOrAddress, out IPAddress? address))
        {
            return byAddress.TryGetValue(address, out node);
        }

        return byName.TryGetValue(nameOrAddress.EndsWith('.') ? nameOrAddress[..^1] : nameOrAddress, out node);
    }

    static string DomainOf(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? "" : name[(dot + 1)..];
    }
}

/// <summary>A node with a name.</summary>
/// <param name="FullName">Without the last dot.</param>
/// <param name="Addresses">IPv4 first.</param>
internal sealed record NamedNode(string FullName, IReadOnlyList<IPAddress> Addresses);
